#!/usr/bin/env bash
# Writes fresh secrets for docker-compose.yml to .env, and the key that signs log-ins; refuses to replace old ones.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -e .env ]; then
    echo ".env is there already: remove it first if you really want new secrets." >&2
    exit 1
fi
umask 077
for name in POSTGRES_PASSWORD ACCOUNTS_DB_PASSWORD INVENTORY_DB_PASSWORD BOOKINGS_DB_PASSWORD \
    VOLUNTEERS_DB_PASSWORD NOTIFICATIONS_DB_PASSWORD ACCOUNTS_KAFKA_PASSWORD INVENTORY_KAFKA_PASSWORD \
    BOOKINGS_KAFKA_PASSWORD VOLUNTEERS_KAFKA_PASSWORD NOTIFICATIONS_KAFKA_PASSWORD KOMMUNITY_SESSION_SECRET \
    KOMMUNITY_SERVICE_SECRET KOMMUNITY_LINK_SECRET; do
    echo "$name=$(openssl rand -hex 32)"
done >.env
openssl genpkey -algorithm ed25519 -out deploy/compose/signing-key.pem
# Compose hands a file over with the owner that it has here, so accounts runs as whoever owns the key.
if [ "$(id -u)" = 0 ]; then
    chown 10001 deploy/compose/signing-key.pem
else
    echo "KOMMUNITY_UID=$(id -u)" >>.env
fi
echo "Wrote .env and deploy/compose/signing-key.pem. Keep both to yourself."
