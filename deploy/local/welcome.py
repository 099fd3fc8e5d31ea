"""What `make up` says at its end: where to go, who one can be, and how to stop."""

import requests

from deploy.local.system import System


def welcome(system: System) -> str:
    lines = ["", f"  Portal   {system.portal_url}"]
    if system.inbox_url:
        lines.append(f"  Mails    {system.inbox_url}")
    lines += ["", "  Log in as", *(f"    {row}" for row in _people(system)), ""]
    lines.append("  Stop: make down   What runs: make status   What it says: make logs [part=bookings-web]")
    return "\n".join(lines)


def _people(system: System) -> list[str]:
    try:
        answer = requests.get(f"{system.url('accounts')}/demo-logins", headers={"Accept-Language": "en"}, timeout=5)
        answer.raise_for_status()
    except requests.RequestException:
        return ["(the accounts service does not tell its demo log-ins)"]
    demo = answer.json()
    width = max(len(person["email"]) for person in demo["people"])
    rows = [f"{each['email']:<{width}}  {each['name']}, {each['title']}. {each['may']}." for each in demo["people"]]
    return [*rows, f"each with the password {demo['password']}"]
