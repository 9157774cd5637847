"""A small web service with an old pricing function in it, in whose place an experiment may stand.

`benchmarks/server.py` and the tests put it under load. What stands in the seam is said by the environment, so that
it is the same for a server that is started (`python pricing_server.py PORT`) and for one that imports it:

- `PRICING_MODE`: a mode of an experiment; nothing for the old function alone;
- `PRICING_CANDIDATE`: a function of this module;
- `PRICING_PLACE`: a directory, with the log, the canary's file and the kill file.

`/price?customer=17&units=3` is answered with a price, `/state` with what the process holds.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

HANGS, CRASHES, EATS, RAISES = 13, 29, 53, 71
"""Customers (modulo 97) with whom `troubled` is in trouble."""


def price(order: dict[str, Any]) -> float:
    """The old function: it waits for a database (so it says), and it computes."""
    time.sleep(0.001)
    order["seen"] = True  # as old code does
    return _computed(order["customer"], order["units"])


def _computed(customer: int, units: int) -> float:
    amount = units * (19.9 if customer % 7 else 17.5)
    for step in range(200):
        amount += ((customer * 31 + step) % 11 - 5) / 1000
    return round(amount * (0.97 if units > 10 else 1.0), 2)


def same(order: dict[str, Any]) -> float:
    """A candidate that agrees."""
    return _computed(order["customer"], order["units"])


def dearer(order: dict[str, Any]) -> float:
    """A candidate whose answers can be told from the old ones."""
    return _computed(order["customer"], order["units"]) + 1000


def troubled(order: dict[str, Any]) -> float:
    """A candidate that agrees, except where it hangs, crashes, eats all memory or raises."""
    trouble = order["customer"] % 97
    if trouble == HANGS:
        time.sleep(60)
    elif trouble == CRASHES:
        os.abort()
    elif trouble == EATS:
        eaten = []
        while True:
            eaten.append(bytearray(50_000_000))
    elif trouble == RAISES:
        raise ValueError("this customer is too much")
    return same(order)


seam: Callable[[dict[str, Any]], float] = price


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The service."""
    if environ["PATH_INFO"] == "/state":
        body = json.dumps(state()).encode()
    else:
        asked = dict(parse_qsl(environ["QUERY_STRING"]))
        order = {"customer": int(asked["customer"]), "units": int(asked["units"]), "note": "as ever"}
        body = json.dumps({"price": seam(order), "order": order}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def state() -> dict[str, Any]:
    """What this process holds, when nothing is under way."""
    found: dict[str, Any] = {}
    if seam is not price:
        trial: Any = seam
        found["settled"] = trial.settle(30) and LOG.flush(30)
        found |= {"counts": trial.counts(), "log": LOG.counts()}
    return found | {
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "threads": sorted(thread.name for thread in threading.enumerate() if "process_request" not in thread.name),
        "kilobytes": int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024,
        "children": Path(f"/proc/self/task/{os.getpid()}/children").read_text().split(),
    }


LOG: Any = None


def install() -> None:
    """Put an experiment into the seam, if the environment says so."""
    global seam, LOG
    mode: Any = os.environ.get("PRICING_MODE")
    if not mode:
        return
    from legacy_seam.experiment import CanaryFile, Experiment, PredictionLog

    place = Path(os.environ["PRICING_PLACE"])
    LOG = PredictionLog(place / "predictions.db", capacity=100_000)
    candidate = f"pricing_server:{os.environ.get('PRICING_CANDIDATE', 'same')}"
    trial = Experiment(
        "price", price, candidate, mode, key="order.customer", log=LOG, breaker=False,
        deadline=float(os.environ.get("PRICING_DEADLINE", "5")), serving=CanaryFile(place / "canary.json"),
        kill_file=place / "kill", waiting=100_000,
    )  # fmt: skip
    seam = trial


class Threaded(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True
    request_queue_size = 128


class Silent(WSGIRequestHandler):
    """Writes no log of requests."""

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - its name there
        """Nothing."""


def main() -> None:
    """Serve until SIGTERM; the first line of output is the port."""
    with make_server("127.0.0.1", int(sys.argv[1]), application, Threaded, Silent) as server:
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
        print(server.server_port, flush=True)
        server.serve_forever()


install()

if __name__ == "__main__":
    main()
