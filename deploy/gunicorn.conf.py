"""How every web process runs. Each worker builds its own app (no preloading), so nothing is shared across a fork."""

import gc
import os
import tempfile
from typing import Any

bind = f"{os.environ.get('KOMMUNITY_HOST', '127.0.0.1')}:{os.environ['KOMMUNITY_PORT']}"
worker_class = "gthread"
workers = int(os.environ.get("KOMMUNITY_WEB_PROCESSES", "1"))
threads = int(os.environ.get("KOMMUNITY_WEB_THREADS", "8"))
backlog = 512
timeout = 30
graceful_timeout = 10
keepalive = 20  # longer than a browser's or proxy's pause between two requests of one page
control_socket_disable = True
accesslog = None  # the app writes one structured line per request
# gunicorn's own words go through the same formatter as the app's.
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "INFO", "handlers": []},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}},
}

if workers > 1:  # /metrics then adds up all of them; must be set before prometheus_client is imported
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="kommunity-metrics-"))


def on_starting(server: Any) -> None:
    from shared import logging
    from shared.settings import settings

    service = server.cfg.default_proc_name.split(".")[1]  # services.<service>.app:create_app()
    logging.configure(service, settings().log_format)


def post_fork(server: Any, worker: Any) -> None:
    gc.disable()  # next to nothing of what an app is made of is garbage


def post_worker_init(worker: Any) -> None:
    """Set the app aside: to look through all of it again takes 100 ms, of whoever asks for something just then."""
    gc.collect()
    gc.freeze()
    gc.enable()


def child_exit(server: Any, worker: Any) -> None:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
