"""A real python-socketio server: python-server.py <port> <JSON of the set-up>."""

import json
import sys

import socketio

port = int(sys.argv[1])
setup = json.loads(sys.argv[2])
options = {"cors_allowed_origins": "*", **setup.get("options", {})}
path = setup.get("path", "socket.io")
refusal = setup.get("refusal")


def ready(*_):
    print("ready", flush=True)


def accept_or_refuse():
    if refusal is not None:
        raise socketio.exceptions.ConnectionRefusedError(refusal)


def serve_aiohttp():
    from aiohttp import web

    sio = socketio.AsyncServer(async_mode="aiohttp", **options)

    async def connect(sid, environ, auth=None):
        accept_or_refuse()

    async def message(sid, data):
        pass

    sio.on("connect", connect)
    sio.on("message", message)
    app = web.Application()
    sio.attach(app, socketio_path=path)
    web.run_app(app, host="127.0.0.1", port=port, print=ready)


def synchronous(mode):
    sio = socketio.Server(async_mode=mode, **options)

    def connect(sid, environ, auth=None):
        accept_or_refuse()

    def message(sid, data):
        pass

    sio.on("connect", connect)
    sio.on("message", message)
    return socketio.WSGIApp(sio, socketio_path=path)


def serve_eventlet():
    import eventlet
    import eventlet.wsgi

    app = synchronous("eventlet")
    listener = eventlet.listen(("127.0.0.1", port))
    ready()
    eventlet.wsgi.server(listener, app, log_output=False)


def serve_threads():
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", port, synchronous("threading"), threaded=True)
    ready()
    server.serve_forever()


{"aiohttp": serve_aiohttp, "eventlet": serve_eventlet, "threads": serve_threads}[setup.get("server", "aiohttp")]()
