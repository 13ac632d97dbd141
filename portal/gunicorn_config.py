"""How gunicorn serves the portal: threads, address, and no demo data on a public address."""

import ipaddress
import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 10
max_requests = 5000
max_requests_jitter = 500
control_socket_disable = True


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address; unix sockets count as reachable by others through a proxy."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_on(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def on_starting(server: object) -> None:
    """Refuse to serve the demo, whose passwords everybody knows, where strangers reach it, unless forced."""
    hosts = [str(address[0]) if isinstance(address, tuple) else "" for address in server.cfg.address]
    if is_on("DEMO") and not is_on("DEMO_ANYWHERE") and not all(is_loopback(host) for host in hosts):
        raise SystemExit(
            f"演示模式只在本机地址上启动（现在是 {', '.join(hosts)}）。演示账号的口令是公开的；确需如此，请设置 DEMO_ANYWHERE=1。"
        )
