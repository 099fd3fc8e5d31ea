"""What inventory's books must say at any moment."""

from __future__ import annotations

from sqlalchemy import text

# Materials whose counts do not agree with the ledger, the loans or the units.
UNBALANCED = text(
    """
    SELECT name FROM materials m WHERE
      owned - broken - missing - consumed <>
        (SELECT coalesce(sum(change), 0) FROM stock_movements WHERE material_id = m.id)
      OR out <> (SELECT coalesce(sum(handed_out - returned - l.broken - l.missing), 0)
                 FROM handover_lines l WHERE l.material_id = m.id AND m.kind <> 'consumable')
      OR kind = 'numbered' AND (owned - broken - missing, broken, missing, out) <>
        (SELECT count(*) FILTER (WHERE state = 'usable'), count(*) FILTER (WHERE state = 'broken'),
                count(*) FILTER (WHERE state = 'missing'), count(line_id)
         FROM units WHERE material_id = m.id)
    """
)
