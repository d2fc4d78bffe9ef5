"""By which contracts functions are called: names of parameters, and their types."""

from __future__ import annotations

from typing import NamedTuple

REQUEST, RESPONSE = r"_?(req|request)", r"_?(res|resp|response)"


ERROR = r"_?(e|er|err|error)"


NEXT = r"_?next"


class Contract(NamedTuple):
    """How functions of a kind are called.

    Attributes:
        name: of the kind, for reasons.
        names: patterns of the parameters' names, in order.
        types: of the parameters.
        modules: one of which the program imports; empty where any program may have it.
        min_parameters: fewest parameters of a function.
    """

    name: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    modules: tuple[str, ...] = ()
    min_parameters: int = 2


CONTRACTS = (
    Contract(
        "an Express handler",
        (REQUEST, RESPONSE, NEXT),
        ("express:Request", "express:Response", "express:NextFunction"),
    ),
    Contract(
        "an Express error handler",
        (ERROR, REQUEST, RESPONSE, NEXT),
        ("Error", "express:Request", "express:Response", "express:NextFunction"),
        min_parameters=3,
    ),
    Contract(
        "an HTTP handler",
        (REQUEST, RESPONSE),
        ("http:IncomingMessage", "http:ServerResponse"),
        ("http", "https", "http2"),
    ),
    Contract(
        "a Fastify handler",
        (REQUEST, r"reply"),
        ("fastify:FastifyRequest", "fastify:FastifyReply"),
    ),
    Contract(
        "a Koa middleware",
        (r"ctx|context", NEXT),
        ("koa:Context", "() => Promise<any>"),
        ("koa", "koa-router", "@koa/router"),
        min_parameters=1,
    ),
)
