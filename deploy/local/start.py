"""The order in which the system comes up: every step after those that it needs, and no later."""

import hashlib
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from deploy.local import databases, node, parts, postgres, translations
from deploy.local.browser import chromium
from deploy.local.kommunity import run_kommunity
from deploy.local.layout import Layout
from deploy.local.plan import Plan
from deploy.local.settings import ROOT, SERVICES
from shared.messaging.operations.access import secure
from shared.messaging.operations.topics import create_missing

DEMO_DATA = ROOT / "deploy" / "demo-data"
IMPORTS = (
    ("accounts", "associations", "foreninger.csv"),
    ("inventory", "materials", "materiel.csv"),
    ("inventory", "facilities", "faciliteter.csv"),
    ("volunteers", "places", "steder.csv"),
    ("volunteers", "school-holidays", "skoleferier.csv"),
    ("volunteers", "shifts", "vagter.csv"),
)

Show = Callable[[str], None]
StartPart = Callable[[str], bool]  # starts a part, waits until it is ready, says whether it had to be started


def plan_for(layout: Layout, start: StartPart, show: Show) -> Plan:
    plan = Plan(show)
    server = _postgres(plan, layout, start, show)
    broker = _kafka(plan, layout, start, show)
    database = plan.add("Databases and roles", lambda: _create_databases(layout), *server)
    topics = plan.add("Topics", lambda: _create_topics(layout), *broker)
    words = plan.add("Translations", translations.compile_all)
    for service in SERVICES:
        _service(plan, layout, start, service, database, topics, words)
    pages = plan.add("Front-end files", node.install_front_end)
    _mail(plan, layout, start)
    _contents(plan, layout)
    plan.add("Portal", lambda: start("portal"), pages, words)
    return plan


def preparation(show: Show, with_browser: bool) -> Plan:
    """What tests need: everything installed, nothing started."""
    plan = Plan(show)
    plan.add("PostgreSQL: program", lambda: parts.fetch_postgres(postgres.programs_folder(), _detail(show)))
    plan.add("Kafka: program", lambda: parts.fetch_kafka(_detail(show)))
    plan.add("Mail inbox: program", node.install_mail)
    plan.add("AsyncAPI parser", node.install_parser)
    plan.add("Front-end files", node.install_front_end)
    plan.add("Translations", translations.compile_all)
    if with_browser:
        plan.add("Chromium", chromium)
    return plan


def _postgres(plan: Plan, layout: Layout, start: StartPart, show: Show) -> list[str]:
    if layout.existing.postgres_url:
        return []
    folder = postgres.programs_folder()
    program = plan.add("PostgreSQL: program", lambda: parts.fetch_postgres(folder, _detail(show)))
    files = plan.add("PostgreSQL: files", layout.postgres.initialise, program)
    return [plan.add("PostgreSQL", lambda: start("postgres"), files)]


def _kafka(plan: Plan, layout: Layout, start: StartPart, show: Show) -> list[str]:
    if layout.existing.kafka_bootstrap:
        return []
    program = plan.add("Kafka: program", lambda: parts.fetch_kafka(_detail(show)))
    files = plan.add("Kafka: files", layout.kafka.initialise, program)
    return [plan.add("Kafka", lambda: start("kafka"), files)]


def _mail(plan: Plan, layout: Layout, start: StartPart) -> None:
    if not layout.existing.smtp_host:
        program = plan.add("Mail inbox: program", node.install_mail)
        plan.add("Mail inbox", lambda: start("mail"), program)


def _service(
    plan: Plan, layout: Layout, start: StartPart, service: str, database: str, topics: str, words: str
) -> None:
    tables = plan.add(f"{service}: tables", lambda: _migrate(layout, service), database)
    plan.add(f"{service}: web", lambda: start(f"{service}-web"), tables, words)
    plan.add(f"{service}: worker", lambda: start(f"{service}-worker"), tables, topics, words)


def _contents(plan: Plan, layout: Layout) -> None:
    """The demo municipality: imports first, then each service's story, for a story may build on an earlier one."""
    steps = [f"{service}: {process}" for service in SERVICES for process in ("web", "worker")]
    for service, kind, file in IMPORTS:
        steps = [plan.add(f"{service}: import {kind}", _import(layout, service, kind, DEMO_DATA / file), *steps)]
    for service in SERVICES:
        if find_spec(f"services.{service}.seeds"):
            steps = [plan.add(f"{service}: demo story", _seed(layout, service), *steps)]


def _create_databases(layout: Layout) -> bool:
    url, secrets = layout.postgres_url, layout.secrets
    created = [databases.create(url, service, secrets[service]) for service in SERVICES]
    return any(created)


def _create_topics(layout: Layout) -> bool:
    """On a guarded broker of ours with the services' users and rules; somebody else's broker has its own ways."""
    if layout.existing.kafka_bootstrap:
        return bool(create_missing(layout.kafka_bootstrap))
    who = layout.kafka.administrator
    created = create_missing(layout.kafka_bootstrap, who)
    if layout.guards_kafka:
        passwords = {service: layout.secrets[f"kafka-{service}"] for service in SERVICES}
        secure(layout.kafka_bootstrap, passwords, who=who)
    return bool(created)


def _migrate(layout: Layout, service: str) -> bool:
    if databases.is_migrated(layout.database_url(service), service):
        return False
    _run(layout, service, "run", service, "migrate")
    return True


def _import(layout: Layout, service: str, kind: str, file: Path) -> Callable[[], bool]:
    content = hashlib.sha256(file.read_bytes()).hexdigest()
    return lambda: _once(layout, f"import-{kind}", content, service, "import", service, kind, str(file))


def _seed(layout: Layout, service: str) -> Callable[[], bool]:
    return lambda: _once(layout, f"story-{service}", "told", service, "run", service, "seed")


def _once(layout: Layout, name: str, content: str, service: str, *arguments: str) -> bool:
    """Runs the command unless it ran with this content on this database before."""
    mark = layout.state / "done" / name
    content = f"{content} {hashlib.sha256(layout.database_url(service).encode()).hexdigest()}"
    if mark.exists() and mark.read_text() == content:
        return False
    _run(layout, service, *arguments)
    mark.parent.mkdir(exist_ok=True)
    mark.write_text(content)
    return True


def _run(layout: Layout, service: str, *arguments: str) -> None:
    run_kommunity(list(arguments), layout.env(service))


def _detail(show: Show) -> Show:
    return lambda text: show(f"         {text} …")
