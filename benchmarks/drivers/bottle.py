"""An application that answers requests: routes, forms, cookies, templates, files, errors, plugins."""

import io
from pathlib import Path

from bottle import TEMPLATE_PATH, Bottle, HTTPError, abort, redirect, request, response, static_file, template

TEMPLATE_PATH.insert(0, "views")
Path("views").mkdir(exist_ok=True)
Path("static").mkdir(exist_ok=True)
Path("views/list.tpl").write_text(
    "% rebase('base.tpl', title='Books')\n<ul>\n% for row in rows:\n  <li>{{row['title']}} {{!row['mark']}}</li>\n"
    "% end\n</ul>\n% if not rows:\nnone\n% end\n"
)
Path("views/base.tpl").write_text("<h1>{{title}}</h1>\n{{!base}}\n")
Path("static/page.css").write_text("h1 { color: red }\n" * 20)
app = Bottle()
app.config.update({"shop.name": "Books", "shop.open": True})
rows = [{"title": "Emma & Co", "mark": "<b>*</b>"}, {"title": "Dune", "mark": ""}]


@app.hook("before_request")
def count():
    app.config["shop.visits"] = app.config.get("shop.visits", 0) + 1


@app.get("/")
@app.get("/hello/<name:re:[a-z]+>")
def hello(name="stranger"):
    response.set_cookie("visited", name, path="/", max_age=3600)
    return template("Hello {{name}}, how are you?", name=name)


@app.get("/books")
def books():
    return template("list", rows=rows[: request.query.get("limit", 9, type=int)])


@app.get("/books/<number:int>")
def book(number):
    if number >= len(rows):
        abort(404, "No such book.")
    response.content_type = "application/json"
    return rows[number]


@app.post("/books")
def add():
    title = request.forms.getunicode("title")
    if not title:
        raise HTTPError(400, "A book has a title.")
    cover = request.files.get("cover")
    rows.append({"title": title, "mark": cover.filename if cover else "", "tags": request.forms.getall("tag")})
    redirect("/books", 303)


@app.put("/json")
def put():
    return {"got": request.json, "who": request.get_cookie("who", secret="s3cret-key"), "url": request.url}


@app.get("/login")
def login():
    response.set_cookie("who", "ann", secret="s3cret-key")
    return "ok"


@app.get("/static/<path:path>")
def files(path):
    return static_file(path, root="static")


@app.get("/lines")
def lines():
    yield "one\n"
    yield "two\n"


@app.get("/fails")
def fails():
    return 1 / 0


@app.error(404)
def missing(error):
    return f"nothing here: {error.body}"


def ask(method, path, body=b"", **headers):
    path, _, query = path.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "CONTENT_LENGTH": str(len(body)),
        **{name.upper().replace("CONTENT", "CONTENT"): value for name, value in headers.items()},
    }
    told = []
    answer = app(environ, lambda status, headers, exc_info=None: told.append((status, headers)))
    text = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    print(method, path, "->", told[0][0], len(text), text[:60])
    return dict(told[0][1])


FORM = "application/x-www-form-urlencoded"
ask("GET", "/")
ask("GET", "/hello/ann")
ask("GET", "/hello/ANN")
ask("GET", "/books?limit=1")
ask("GET", "/books/1")
ask("GET", "/books/99")
ask("POST", "/books", b"title=Caf%C3%A9&tag=a&tag=b", content_type=FORM)
ask("POST", "/books", b"title=", content_type=FORM)
parts = (
    b'--cut\r\nContent-Disposition: form-data; name="title"\r\n\r\nIt\r\n--cut\r\nContent-Disposition: form-data;'
    b' name="cover"; filename="it.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--cut--\r\n'
)
ask("POST", "/books", parts, content_type="multipart/form-data; boundary=cut")
ask("GET", "/books")
cookie = ask("GET", "/login")["Set-Cookie"]
ask("PUT", "/json", b'{"a": [1, 2]}', content_type="application/json", http_cookie=cookie.partition(";")[0])
ask("GET", "/static/page.css")
ask("GET", "/static/page.css", http_if_modified_since="Fri, 01 Jan 2100 00:00:00 GMT")
ask("GET", "/static/page.css", http_range="bytes=3-9")
ask("HEAD", "/static/page.css")
ask("GET", "/static/../bottle.py")
ask("GET", "/lines")
ask("GET", "/fails")
ask("DELETE", "/books")
print(app.config["shop.visits"], [route.rule for route in app.routes], app.get_url("/books/<number:int>", number=3))
