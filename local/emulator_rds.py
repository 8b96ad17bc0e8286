"""Lets MiniStack run the SQL of the RDS Data API on PostgreSQL, which it does only in a container.

``local.emulator`` runs this as a file, because it must not import modules of this repository.

- Each cluster with the engine ``aurora-postgresql`` gets a PostgreSQL of its own when its first statement comes.
- Who calls the Data API also needs the permission to read the secret that the call names: "Data API transparently calls
  Secrets Manager, which allows (or denies) the user's request for the secret" (Aurora User Guide, Authorizing access to
  the Amazon RDS Data API).
"""

import atexit
import importlib
import json
import subprocess  # nosec B404  # no call below goes through a shell
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

Call = Callable[..., Any]

ENGINE = "aurora-postgresql"
SERVER = Path(__file__).with_name("postgres.py")
READING = "secretsmanager:GetSecretValue"


class Servers:
    """The PostgreSQL servers of clusters, by the ids of the clusters. ``interpreter`` starts them."""

    def __init__(self, interpreter: str) -> None:
        self._interpreter = interpreter
        self._running: dict[str, tuple[subprocess.Popen[str], str]] = {}
        self._lock = threading.Lock()

    def socket_of(self, cluster: Mapping[str, Any]) -> str:
        """Return the folder of the socket of a cluster's server, which starts if it does not run.

        Raise RuntimeError with the reason if it does not start.
        """
        identifier = cluster["DbClusterResourceId"]
        with self._lock:
            if identifier not in self._running:
                self._running[identifier] = self._start(cluster)
            return self._running[identifier][1]

    def _start(self, cluster: Mapping[str, Any]) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(  # nosec B603  # a file of this package
            [self._interpreter, str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # It stops PostgreSQL when its input ends, so it must not be killed together with the emulator.
            start_new_session=True,
        )
        atexit.register(process.terminate)
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("PostgreSQL did not start: it has no pipes")
        settings = {
            "user": cluster["MasterUsername"],
            "password": cluster["_MasterUserPassword"],
            "database": cluster.get("DatabaseName") or "postgres",
        }
        process.stdin.write(f"{json.dumps(settings)}\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline() or '{"error": "it ended"}')
        if "error" in answer:
            process.terminate()
            raise RuntimeError(f"PostgreSQL did not start: {answer['error']}")
        return process, str(answer["socket"])


def mend(app: ModuleType, data: ModuleType, clusters: ModuleType, servers: Servers) -> None:
    """Replace what decides where the SQL of a call runs, and who may call."""
    _replace(data, "_connect", lambda connect: _connecting(connect, clusters, servers))
    _replace(data, "_has_real_endpoint", _knowing)
    _replace(data, "_substitute_named_params", _keeping_percent_signs)
    _replace(app, "_enforce_rds_data", lambda enforce: _asking_for_secret(enforce, app))


def _replace(module: ModuleType, name: str, replacement: Callable[[Call], Call]) -> None:
    """Replace a function by another one that calls it. A MiniStack without that function does not start."""
    setattr(module, name, replacement(getattr(module, name)))


def _connecting(connect: Call, clusters: ModuleType, servers: Servers) -> Call:
    def connect_to_server(
        instance: Mapping[str, Any], engine: str, database: Any = None, password: Any = None, username: Any = None
    ) -> Any:
        if engine != ENGINE:
            return connect(instance, engine, database, password, username=username)
        psycopg2 = importlib.import_module("psycopg2")
        extras = importlib.import_module("psycopg2.extras")
        cluster = clusters._clusters[instance["DBClusterIdentifier"]]  # noqa: SLF001  # MiniStack's own
        connection = psycopg2.connect(
            host=servers.socket_of(cluster),
            user=username or cluster["MasterUsername"],
            password=password,
            dbname=database or cluster.get("DatabaseName") or "postgres",
        )
        connection.autocommit = True
        # The Data API returns JSON as its text.
        extras.register_default_json(conn_or_curs=connection, loads=str)
        extras.register_default_jsonb(conn_or_curs=connection, loads=str)
        return connection

    return connect_to_server


def _knowing(has_endpoint: Call) -> Call:
    def has_server(instance: Mapping[str, Any]) -> bool:
        return instance.get("Engine") == ENGINE or bool(has_endpoint(instance))

    return has_server


def _keeping_percent_signs(substitute: Call) -> Call:
    """Keep the percent signs of a statement with parameters, which would start others of psycopg2."""

    def substitute_parameters(sql: str, names: Any) -> Any:
        return substitute(sql.replace("%", "%%") if names else sql, names)

    return substitute_parameters


def _asking_for_secret(enforce: Call, app: ModuleType) -> Call:
    def enforce_call(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any, request_id: str
    ) -> Any:
        denied = enforce(method, path, headers, body, query, request_id)
        try:
            secret = json.loads(body or b"{}").get("secretArn")
        except ValueError:
            secret = None
        if denied or not secret:
            return denied
        return app._enforce_data_plane(  # noqa: SLF001  # MiniStack's own
            "rds-data", READING, headers, query, request_id, resource_arn=secret, named_resource=secret
        )

    return enforce_call


if __name__ == "__main__":
    mend(
        importlib.import_module("ministack.app"),
        importlib.import_module("ministack.services.rds_data"),
        importlib.import_module("ministack.services.rds"),
        Servers(sys.argv.pop(1)),
    )
