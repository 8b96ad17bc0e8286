"""The names of other frameworks, for servers that move here: ``docs/migrate.md``.

``fastmcp``, ``sdk`` and ``awslabs`` have the names of one framework each. A server imports them from there and keeps
its functions as they are. What nobody imports costs nothing.
"""
