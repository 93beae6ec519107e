"""
JupyterHub's configuration for a class: each student gets the kernel, a copy of the course and limits.

`npm run hub` uses it. Your own settings go to a file of your own, which begins with

    load_subconfig("/opt/convnotes/scripts/class/jupyterhub_config.py")

and is named by `npm run hub -- --config FILE`.
"""

import json
import os
import pwd
import sys
from pathlib import Path
from urllib.parse import urlparse

from jupyterhub.app import JupyterHub
from jupyterhub.auth import DummyAuthenticator

c = get_config()  # noqa: F821

here = Path(__file__).resolve().parent
environment = Path(sys.prefix)
course = environment / "share" / "convnotes" / "course"
kernel = environment / "share" / "jupyter" / "kernels" / "convnotes" / "kernel.json"
node = json.loads(kernel.read_text())["argv"][0]
is_root = os.getuid() == 0

# The memory of one notebook, and of all processes of a student where systemd enforces it.
NOTEBOOK_MEMORY = os.environ.get("CONVNOTES_MEMORY", "2GB")
STUDENT_MEMORY = os.environ.get("CONVNOTES_STUDENT_MEMORY", "4G")
# Seconds without use after which a notebook's kernel, and a student's server, is ended.
IDLE_KERNEL = 30 * 60
IDLE_SERVER = 60 * 60


# --- who may log in -----------------------------------------------------------------------------

# The accounts of this machine that are in the group "students".
c.JupyterHub.authenticator_class = "pam"
c.LocalAuthenticator.allowed_groups = {"students"}
if not is_root:
    c.Authenticator.allowed_users = {pwd.getpwuid(os.getuid()).pw_name}


def refuse_dummy(change):
    """Ends the hub if anybody on the network could log in under any name."""
    app = change["owner"]
    host = urlparse(app.bind_url).hostname
    if issubclass(app.authenticator_class, DummyAuthenticator) and host not in ("127.0.0.1", "::1", "localhost"):
        sys.exit(
            "Expected an authenticator that checks who logs in, received the dummy authenticator on a public address "
            f"({app.bind_url}). Choose another one, or listen on 127.0.0.1."
        )


# The hub sets this trait when it has read all files and the command line, and does not listen yet.
if JupyterHub.initialized():
    JupyterHub.instance().observe(refuse_dummy, "tornado_settings")

# --- where the hub listens and keeps its state --------------------------------------------------

c.JupyterHub.ip = "127.0.0.1"
c.ConfigurableHTTPProxy.command = [
    node,
    str(environment / "proxy" / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"),
]
usual_state = "/var/lib/convnotes-hub" if is_root else Path.home() / ".local" / "state" / "convnotes-hub"
state = Path(os.environ.get("CONVNOTES_HUB_STATE", usual_state))
state.mkdir(mode=0o700, parents=True, exist_ok=True)
c.JupyterHub.db_url = f"sqlite:///{state}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")

# --- a student's server -------------------------------------------------------------------------

c.Spawner.cmd = [sys.executable, "-I", str(here / "student_server.py"), str(course)]
c.Spawner.notebook_dir = "~"
c.Spawner.default_url = "/lab/tree/convnotes"
# On a busy machine, thirty servers that start at once need longer than the default 30 and 60 seconds.
c.Spawner.http_timeout = 600
c.Spawner.start_timeout = 600
c.Spawner.args = [
    "--MappingKernelManager.default_kernel_name=convnotes",
    # Sockets in the student's own folder. TCP ports of this machine, the default, are open to every account: anybody
    # could read the outputs of a notebook there.
    "--KernelManager.transport=ipc",
    # The default is a minute, too short when a whole class starts its kernels.
    "--MappingKernelManager.kernel_info_timeout=300",
    f"--MappingKernelManager.cull_idle_timeout={IDLE_KERNEL}",
    "--MappingKernelManager.cull_connected=True",
    "--HTMLExporter.template_name=convnotes",
]
c.Spawner.environment = {
    "CONVNOTES_MEMORY": NOTEBOOK_MEMORY,
    "CONVNOTES_MODE": os.environ.get("CONVNOTES_MODE", "quick"),
    **{name: os.environ[name] for name in ("CONVNOTES_DATA", "CONVNOTES_THREADS") if name in os.environ},
}

if is_root and Path("/run/systemd/system").is_dir():
    # systemd limits all processes of a student together, also programs that a cell starts.
    c.JupyterHub.spawner_class = "systemd"
    c.SystemdSpawner.mem_limit = STUDENT_MEMORY
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.isolate_devices = True
    c.SystemdSpawner.disable_user_sudo = True
else:
    # Here, CONVNOTES_MEMORY is the only limit: the kernel watches the process that runs the cells.
    c.JupyterHub.spawner_class = "localprocess"

# --- ending what is not used --------------------------------------------------------------------

c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE_SERVER}"],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    }
]
