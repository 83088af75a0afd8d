"""Learns together over real connections: ``python -m benchmarks.flower``.

Flower's SuperLink and three SuperNodes run on this machine, each SuperNode with a home folder and a part of the sample
catalog of its own. docs/guides/together.md says how Flower is installed. Prints what each catalog has in the end.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pandas as pd

from prodsim.adapt import TrainingRecipe
from prodsim.progress import timed
from prodsim.settings import Settings
from prodsim.shipped import sample_path
from prodsim.workspace import BuildRequest, Workspace
from prodsim.workspace.adaptations import Adaptations

APP = Path(__file__).resolve().parents[1] / "deploy" / "federation"
NAMES = ("north", "south", "west")
N_PRODUCTS = 250
RECIPE = TrainingRecipe("federated", batches=4, batch=16, rounds=2, held_out=0.3)
SCRIPTS = Path(sys.executable).parent
WAIT_S = 60


def main() -> None:
    """Train two rounds and print, for each catalog, what its own run says."""
    with tempfile.TemporaryDirectory() as folder:
        homes = {name: build(Path(folder), part, name) for part, name in enumerate(NAMES)}
        RECIPE.save(Path(folder) / "recipe.yaml")
        link, *nodes = free_ports(1 + len(NAMES))
        environment = {**os.environ, "FLWR_HOME": str(Path(folder) / "flower"), "FLWR_TELEMETRY_ENABLED": "0"}
        connect(Path(folder) / "flower", link)
        server = ["--insecure", "--host", "127.0.0.1", "--port", str(link), "--disable-runtime-dependency-installation"]
        with ExitStack() as stack:
            stack.enter_context(running("flower-superlink", server, environment, link))
            for port, (name, home) in zip(nodes, homes.items(), strict=True):
                own = {**environment, "PRODSIM_HOME": str(home)}
                options = ["--insecure", "--superlink", f"127.0.0.1:{link}", "--port", str(port)]
                stack.enter_context(
                    running("flower-supernode", [*options, "--node-config", f'catalog="{name}"'], own, port)
                )
            run_all = [str(SCRIPTS / "flwr"), "run", str(APP), "local", "--stream", "--run-config"]
            config = f'recipe="{(Path(folder) / "recipe.yaml").as_posix()}" clients={len(homes)}'
            command = partial(subprocess.run, [*run_all, config], env=environment, check=True, stdout=sys.stderr)
            wall_s = timed(command)[1]
        for name, home in homes.items():
            for run in Adaptations(Workspace(Settings(home))).runs(name):
                print(f"{name}, {run.name}: {run.outcome.verdict}" if run.outcome else f"{name}: no outcome")
        print(f"{RECIPE.rounds} rounds of {len(NAMES)} catalogs in {wall_s:.0f} s")


def build(folder: Path, part: int, name: str) -> Path:
    """Build a part of the sample catalog in a home folder of its own."""
    products = pd.read_csv(sample_path("outdoor.csv"), dtype=str, keep_default_na=False)
    products.iloc[part * N_PRODUCTS : (part + 1) * N_PRODUCTS].to_csv(folder / f"{name}.csv", index=False)
    Workspace(Settings(folder / name)).build(BuildRequest(folder / f"{name}.csv", name, encoder="hashing"))
    return folder / name


def connect(home: Path, port: int) -> None:
    """Tell Flower's command where the SuperLink is."""
    home.mkdir()
    address = f'address = "127.0.0.1:{port}"\ninsecure = true\n'
    (home / "config.toml").write_text(f'[superlink]\ndefault = "local"\n\n[superlink.local]\n{address}')


def free_ports(n: int) -> list[int]:
    """Ports of this machine that nobody listens at."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(n)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


@contextmanager
def running(script: str, options: list[str], environment: dict[str, str], port: int) -> Iterator[None]:
    """Run one of Flower's programs in the block, once it listens."""
    process = subprocess.Popen([str(SCRIPTS / script), *options], env=environment, stdout=sys.stderr)
    try:
        for _ in range(WAIT_S):
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            process.poll()
            if process.returncode is not None:
                sys.exit(f"{script} ended with {process.returncode}")
            time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
