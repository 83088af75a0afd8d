"""A TensorBoard over all runs of adapting, for this machine alone."""

import socket
import subprocess
import sys
from pathlib import Path

from prodsim.extras import require

HOST = "127.0.0.1"


def start_tensorboard(runs: Path) -> str:
    """Start a TensorBoard over a folder of runs; it ends with this process's terminal. Returns its address.

    Raises:
        MissingPackage: TensorBoard is not installed.
    """
    require("adapt")
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(runs), "--host", HOST, "--port", str(port)]
    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return f"http://{HOST}:{port}"
