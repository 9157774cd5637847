"""What modules ask outside while they are imported."""

from __future__ import annotations

from typing import Any

SHOP = """
    import os, subprocess
    def asks(word):
        with os.popen(f"echo {word}") as pipe:
            return pipe.read().strip()
    PLAIN = subprocess.run(["echo", "a"], capture_output=True, text=True).stdout
    BY_A_FUNCTION = asks("b")
    IN_A_LOOP = [subprocess.call(["true"]) for _ in range(2)]
    try:
        os.popen(1)
    except TypeError:
        pass
"""


def questions(recorded: Any) -> list[str]:
    return [answer.question for answer in recorded.run.answers]


def test_what_a_module_asks_is_part_of_the_run_but_for_its_loops(project: Any) -> None:
    project.write(shop=SHOP, program="import shop\nprint(shop.PLAIN, shop.BY_A_FUNCTION, shop.asks('c'))")
    _, recorded = project.both("program.py")
    assert questions(recorded) == [
        "subprocess:run(['echo', 'a'], capture_output=True, text=True)",
        "CompletedProcess_1.stdout",
        "os:popen('echo b')",
        "_wrap_close_1.read()",
        "os:popen(1)",
    ]
    assert [answer.form for answer in recorded.run.answers][-1] == "raised"
    assert recorded.inputs("shop:asks") == [{"word": "'b'"}, {"word": "'c'"}]


def test_what_a_script_asks_before_its_main_guard_is_asked_by_its_import(project: Any) -> None:
    project.write(program=f"{SHOP}\n    if __name__ == '__main__':\n        print(asks('d'))\n")
    _, recorded = project.both("program.py")
    assert "os:popen('echo b')" in questions(recorded)
    assert "os:popen('echo d')" not in questions(recorded)


def test_a_script_without_a_guard_is_not_imported_but_run(project: Any) -> None:
    project.write(program=f"{SHOP}\n    print(asks('d'))\n")
    _, recorded = project.both("program.py")
    assert questions(recorded) == []


GUARDED = """
    import os, json
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    import shop
    with open("rates.json") as file:
        RATES = json.load(file)
    def rate(name):
        return RATES[name] + shop.EXTRA
    if __name__ == '__main__':
        with open("report.txt", "w") as report:
            print(rate("gbp"), file=report)
        print(rate("usd"))
"""


def test_what_a_script_opens_before_its_main_guard_is_opened_by_its_import(project: Any) -> None:
    (project.directory / "rates.json").write_text('{"usd": 2, "gbp": 3}')
    (project.directory / "extra.txt").write_text("5")
    project.write(program=GUARDED, shop="EXTRA = int(open('extra.txt').read())\n")
    _, recorded = project.both("program.py")
    assert [file.path for file in recorded.run.files] == ["extra.txt", "rates.json"]


def test_a_script_that_imports_itself_behind_its_guard_opens_what_that_import_opens(project: Any) -> None:
    (project.directory / "extra.txt").write_text("5")
    project.write(
        program="""
        if __name__ == '__main__':
            import program
            program.main()
            raise SystemExit
        import shop
        def main():
            print(shop.EXTRA)
        """,
        shop="EXTRA = int(open('extra.txt').read())\n",
    )
    _, recorded = project.both("program.py")
    assert [file.path for file in recorded.run.files] == ["extra.txt"]


def test_what_a_script_without_a_guard_opens_is_opened_by_nobody_who_imports_it(project: Any) -> None:
    (project.directory / "rates.json").write_text("{}")
    project.write(program="def f(): return 1\nwith open('rates.json') as file: print(f(), file.read())\n")
    _, recorded = project.both("program.py")
    assert recorded.run.files == ()


def test_what_a_script_reads_from_standard_input_before_its_guard_is_read_by_its_import(project: Any) -> None:
    project.write(
        program="""
        import sys
        NAME = sys.stdin.readline().strip()
        def greet(): return f"hello {NAME}"
        if __name__ == '__main__':
            print(greet())
        """
    )
    _, recorded = project.both("program.py", input="ann\n")
    assert [file.path for file in recorded.run.files] == ["/dev/stdin"]
