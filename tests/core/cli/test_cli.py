"""The command line with the shipped model: what it writes, where, and with which exit status."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from roomnet_core.cli import classify, console, doctor, main
from roomnet_core.inference.model_file import find_model
from tests.patience import PATIENCE_SECONDS, quickest
from tests.pictures import make_picture, write_photo_folder

REPOSITORY = Path(__file__).resolve().parents[3]
ROOMS = find_model().rooms.names


def run(*args: object) -> int:
    return main([str(argument) for argument in args])


def spawn(*args: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "roomnet_core", *map(str, args)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, **options)  # type: ignore


@pytest.fixture
def damaged_folder(photo_folder: Path) -> Path:
    (photo_folder / "upstairs" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no photo at all")
    (photo_folder / "empty.png").touch()
    return photo_folder


class TestHelp:
    @pytest.mark.parametrize("arguments", [["--help"], ["classify", "--help"], ["--version"]])
    def test_it_answers_at_once_and_loads_nothing_heavy(self, arguments: list[str]) -> None:
        heavy = ("tensorflow", "keras", "numpy", "PySide6", "PIL", "openpyxl", "ai_edge_litert")
        code = (
            "import sys; from roomnet_core.cli import main; status = main(sys.argv[1:]);"
            f"print(status, *(name for name in {heavy} if name in sys.modules), file=sys.stderr)"
        )
        command = [sys.executable, "-c", code, *arguments]

        def answered() -> float:
            started, before = time.perf_counter(), os.times()
            result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
            seconds, after = time.perf_counter() - started, os.times()
            assert result.stderr.split() == ["0"] and "roomnet" in result.stdout
            # Its own time, where the system tells that: other programs' is not its fault.
            own = after.children_user - before.children_user + after.children_system - before.children_system
            return own or seconds

        assert quickest(answered, below=0.5) < 0.5

    def test_every_command_is_listed_and_explains_itself(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("--help") == 0
        text = capsys.readouterr().out
        for command in ("classify", "sort", "export", "evaluate", "train", "models", "doctor", "import-checkpoint"):
            assert command in text
            assert run(command, "--help") == 0
        assert "examples:" in text and "exit status" in text

    def test_python_dash_m(self) -> None:
        assert spawn("--version").stdout.startswith("roomnet ")


class TestBadUse:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ([], "COMMAND"),
            (["classify"], "FOLDER"),
            (["classify", "nowhere"], "nowhere"),
            (["classify", ".", "--min-confidence", "80"], "from 0 to 1"),
            (["classify", ".", "--min-confidence", "nan"], "from 0 to 1"),
            (["classify", ".", "--engine", "magic"], "magic"),
            (["classify", ".", "--model", "nope"], "There is no model 'nope'"),
            (["classify", ".", "--excel", "rooms.xls"], "does not end in .xlsx"),
            (["classify", ".", "--json", "nowhere/rooms.json"], "does not exist"),
            (["evaluate", "nowhere"], "nowhere"),
            (["sort", "."], "--to"),
            (["import-checkpoint", "nope", "--out", "model"], "There is no checkpoint"),
        ],
    )
    def test_status_2_and_one_message_without_a_traceback(
        self,
        arguments: list[str],
        message: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert run(*arguments) == 2
        output = capsys.readouterr()
        assert message in output.err and "Traceback" not in output.err and output.out == ""
        assert not list(tmp_path.iterdir())

    def test_a_target_that_cannot_be_written_is_refused_before_the_work(
        self, photo_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(
            "roomnet_core.cli.pipeline.open_engine_in_background", lambda *_: pytest.fail("the model was loaded")
        )
        notes = photo_folder / "notes.json"
        notes.write_text("my notes")
        assert run("classify", photo_folder, "--json", notes) == 2
        assert "is there already" in capsys.readouterr().err and notes.read_text() == "my notes"


class TestClassify:
    def test_json_on_standard_output_is_alone_and_exact(self, damaged_folder: Path) -> None:
        result = spawn("classify", damaged_folder, "--json", "-")
        assert result.returncode == 1
        document = json.loads(result.stdout)
        assert list(document) == ["schema", "model", "photos", "problems"]
        assert document["schema"] == 2 and document["model"] == find_model().name
        # In the order of the scan, not of completion.
        assert [entry["file"] for entry in document["photos"]] == [
            *(f"IMG_{number}.jpg" for number in range(1, 5)),
            "upstairs/IMG_9.jpg",
            "upstairs/IMG_10.jpg",
        ]
        for entry in document["photos"]:
            assert list(entry)[:5] == ["file", "room", "confidence", "probabilities", "unsure"]
            assert list(entry["probabilities"]) == list(ROOMS) and isinstance(entry["unsure"], bool)
            assert 0 < sum(entry["probabilities"].values()) <= 1 + 1e-4  # the rest is "none of these"
            assert entry["confidence"] == max(entry["probabilities"].values()) == entry["probabilities"][entry["room"]]
        problems = {entry["file"]: entry["kind"] for entry in document["problems"]}
        assert problems == {"empty.png": "empty", "upstairs/broken.jpg": "damaged"}
        assert "Total" in result.stderr and "2 files could not be read" in result.stderr

    def test_all_exports_agree(self, damaged_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        excel, table, document = (tmp_path / f"out.{suffix}" for suffix in ("xlsx", "csv", "json"))
        assert run("classify", damaged_folder, "--excel", excel, "--csv", table, "--json", document) == 1
        output = capsys.readouterr()
        assert "Total" in output.out and f"Wrote {excel}" in output.out and "broken.jpg" in output.err
        entries = {entry["file"]: entry for entry in json.loads(document.read_text())["photos"]}
        with table.open(encoding="utf-8", newline="") as stream:
            lines = {line["file"]: line for line in csv.DictReader(stream)}
        sheet = openpyxl.load_workbook(excel)["Photos"]
        rows = {row[1]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
        assert len(entries) == 6 and len(lines) == len(rows) == 8 and len(sheet._images) == 6
        for file, entry in entries.items():
            assert lines[file]["room"] == rows[Path(file).name][3] == entry["room"]
            assert rows[Path(file).name][6] == pytest.approx(entry["confidence"], abs=1e-6)
        assert lines["upstairs/broken.jpg"]["status"].startswith("Problem: ")

    def test_min_confidence_replaces_the_threshold(self, photo_folder: Path, tmp_path: Path) -> None:
        unsure = []
        for limit in (0, 1):
            assert run("classify", photo_folder, "--min-confidence", limit, "--json", tmp_path / "out.json") == 0
            photos = json.loads((tmp_path / "out.json").read_text())["photos"]
            unsure.append([entry["unsure"] for entry in photos])
        assert not any(unsure[0]) and all(unsure[1])

    def test_a_model_given_as_a_folder(self, photo_folder: Path, tmp_path: Path) -> None:
        shutil.copytree(find_model().folder, tmp_path / "elsewhere")
        out = tmp_path / "out.json"
        assert run("classify", photo_folder, "--model", tmp_path / "elsewhere", "--json", out) == 0
        assert json.loads(out.read_text())["model"] == find_model().name

    def test_one_photo_and_no_photos(
        self, photo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "out.json"
        assert run("classify", photo_folder / "IMG_2.jpg", "--json", out) == 0
        assert [entry["file"] for entry in json.loads(out.read_text())["photos"]] == ["IMG_2.jpg"]
        (tmp_path / "nothing").mkdir()
        assert run("classify", tmp_path / "nothing", "--json", out) == 0
        assert json.loads(out.read_text())["photos"] == [] and "no photos" in capsys.readouterr().err

    def test_a_name_that_nobody_chose_never_replaces_a_file(
        self, photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        Path("rooms.xlsx").write_bytes(b"mine")
        assert run("classify", photo_folder, "--excel", "--csv") == 0
        assert Path("rooms.xlsx").read_bytes() == b"mine"
        assert Path("rooms (2).xlsx").is_file() and Path("rooms.csv").is_file()

    @pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
    def test_a_name_that_is_not_utf8(self, tmp_path: Path) -> None:
        folder = tmp_path / "photos"
        folder.mkdir()
        make_picture(1).save(folder / "a.jpg")
        os.rename(os.fsencode(folder / "a.jpg"), os.fsencode(folder) + b"/caf\xe9.jpg")  # noqa: PTH104
        (folder / "bad\udce9.jpg").touch()
        environment = {**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
        result = spawn("classify", folder, "--json", "-", env=environment)
        assert result.returncode == 1 and "Traceback" not in result.stderr
        assert json.loads(result.stdout)["photos"][0]["file"] == "caf\udce9.jpg"
        assert "bad\\udce9.jpg" in result.stderr
        assert spawn("sort", folder, "--to", tmp_path / "sorted", env=environment).returncode == 1
        assert [path.name for path in (tmp_path / "sorted").rglob("*.jpg")] == ["caf_.jpg"]


class TestSort:
    def test_copies_and_a_second_run_copies_nothing(
        self, photo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = {path: path.read_bytes() for path in photo_folder.rglob("*.jpg")}
        target = tmp_path / "sorted"
        assert run("sort", photo_folder, "--to", target, "--dry-run") == 0
        assert "6 photos would go to" in capsys.readouterr().out and not target.exists()
        assert run("sort", photo_folder, "--to", target) == 0
        assert "Copied 6 photos" in capsys.readouterr().out
        copies = list(target.rglob("*.jpg"))
        assert sorted(path.read_bytes() for path in copies) == sorted(before.values())
        assert {path.parent.name for path in copies} <= {*ROOMS, "Unsure"}
        assert {path: path.read_bytes() for path in before} == before
        assert run("sort", photo_folder, "--to", target) == 0
        assert "There is nothing to sort" in capsys.readouterr().out
        assert sorted(target.rglob("*.jpg")) == sorted(copies)

    @pytest.mark.parametrize("inside", ["sorted", "."])
    def test_a_destination_inside_the_folder(self, photo_folder: Path, inside: str) -> None:
        for _ in range(2):
            assert run("sort", photo_folder, "--to", photo_folder / inside) == 0
        assert len(list(photo_folder.rglob("*.jpg"))) == 12

    def test_unsure_photos_and_damaged_ones(self, damaged_folder: Path, tmp_path: Path) -> None:
        strict = ("--min-confidence", 1)
        assert run("sort", damaged_folder, "--to", tmp_path / "a", *strict) == 1
        assert [path.name for path in (tmp_path / "a").iterdir()] == ["Unsure"]
        assert run("sort", damaged_folder, "--to", tmp_path / "b", *strict, "--unsure", "leave") == 1
        assert not (tmp_path / "b").exists()

    def test_a_destination_that_is_a_file(self, photo_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("sort", photo_folder, "--to", photo_folder / "IMG_1.jpg") == 2
        assert "is not a folder" in capsys.readouterr().err


class TestEvaluate:
    @pytest.fixture
    def labelled(self, tmp_path: Path) -> Path:
        folder = tmp_path / "labelled"
        for number, name in enumerate(("kitchen", "BEDROOM", "_other")):
            write_photo_folder(folder / name)
            make_picture(50 + number).save(folder / name / "more.jpg")
        (folder / ".hidden").mkdir()
        make_picture(1).save(folder / "loose.jpg")
        return folder

    def test_json_is_exact(self, labelled: Path, tmp_path: Path) -> None:
        (labelled / "kitchen" / "empty.jpg").touch()
        result = spawn("evaluate", labelled, "--json", "-")
        assert result.returncode == 1
        document = json.loads(result.stdout)
        assert list(document) == [
            *("schema", "model", "photos", "accuracy", "macro_recall", "per_class", "ece", "coverage"),
            *("accepted_accuracy", "confusion", "other", "problems"),
        ]
        assert document["photos"] == 14 and document["other"]["photos"] == 7
        assert list(document["per_class"]) == list(ROOMS)
        assert {name: entry["support"] for name, entry in document["per_class"].items() if entry["support"]} == {
            "Kitchen": 7,
            "Bedroom": 7,
        }
        assert list(document["per_class"]["Kitchen"]) == ["precision", "recall", "f1", "support"]
        matrix = document["confusion"]
        assert [sum(row) for row in matrix] == [7 if name in ("Bedroom", "Kitchen") else 0 for name in ROOMS]
        right = sum(matrix[index][index] for index in range(len(ROOMS)))
        assert document["accuracy"] == pytest.approx(right / 14)
        assert [entry["file"] for entry in document["problems"]] == ["kitchen/empty.jpg"]
        assert "accuracy" in result.stderr

    def test_agrees_with_classify(self, labelled: Path, tmp_path: Path) -> None:
        assert run("evaluate", labelled, "--json", tmp_path / "e.json", "--min-confidence", 0.5) == 0
        assert run("classify", labelled / "kitchen", "--json", tmp_path / "c.json") == 0
        photos = json.loads((tmp_path / "c.json").read_text())["photos"]
        recall = json.loads((tmp_path / "e.json").read_text())["per_class"]["Kitchen"]["recall"]
        assert recall == pytest.approx(sum(entry["room"] == "Kitchen" for entry in photos) / 7)

    def test_text(self, labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("evaluate", labelled) == 0
        text = capsys.readouterr().out
        assert "accuracy" in text and "precision" in text and "of 7 marked unsure" in text

    def test_a_folder_of_no_room_is_named_with_the_rooms(
        self, labelled: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (labelled / "Garage").mkdir()
        assert run("evaluate", labelled) == 2
        message = capsys.readouterr().err
        assert "Garage" in message and all(name in message for name in (*ROOMS, "_other"))

    def test_a_folder_without_class_folders(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("evaluate", tmp_path) == 2
        assert "has no class folders" in capsys.readouterr().err
        (tmp_path / "Kitchen").mkdir()
        assert run("evaluate", tmp_path) == 2
        assert "no readable photo" in capsys.readouterr().err


class TestModelsAndDoctor:
    def test_models(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("models", "--json", "-") == 0
        output = capsys.readouterr()
        document = json.loads(output.out)
        (default,) = (entry for entry in document["models"] if entry["default"])
        assert document["schema"] == 1 and default["classes"] == list(ROOMS)
        folder = find_model().folder
        assert default["files"] == {name: (folder / name).stat().st_size for name in default["files"]}
        assert default["files"] and default["parameters"] > 0
        assert run("models") == 0
        assert f"{default['name']} (default)" in capsys.readouterr().out

    def test_doctor_is_content_here(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setattr("roomnet_core.inference.engine.describe_tensorflow_device", lambda timeout: "CPU")
        assert run("doctor") == 0
        text = capsys.readouterr().out
        for words in ("Python", "numpy", "tensorflow", "HEIC", "AVIF", "intact, the default", "All well."):
            assert words in text

    def test_doctor_names_a_model_that_was_changed(
        self, data_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("roomnet_core.inference.engine.describe_tensorflow_device", lambda timeout: "a GPU")
        own = data_folder / "models" / "mine"
        shutil.copytree(find_model().folder, own)
        graph = own / "graph.pb"
        graph.write_bytes(graph.read_bytes()[:-1] + b"!")
        assert run("doctor") == 1
        text = capsys.readouterr().out
        assert "mine" in text and "hash" in text and "needs repair" in text

    @pytest.mark.parametrize(
        ("platform", "environment", "nvidia", "words"),
        [
            ("win32", {}, False, "native Windows"),
            ("darwin", {}, False, "Mac"),
            ("linux", {"CUDA_VISIBLE_DEVICES": "-1"}, False, "CUDA_VISIBLE_DEVICES hides"),
            ("linux", {}, True, r"roomnet[gpu]"),
            ("linux", {}, False, "no NVIDIA GPU"),
        ],
    )
    def test_why_there_is_no_gpu(self, platform: str, environment: dict[str, str], nvidia: bool, words: str) -> None:
        assert words in doctor.why_no_gpu(platform, environment, nvidia)


class TestTheProcess:
    def test_a_reader_that_goes_away(self, photo_folder: Path) -> None:
        for number in range(60):  # more than a pipe's buffer and Python's own hold
            shutil.copy(photo_folder / "IMG_1.jpg", photo_folder / f"a{'long' * 50}{number}.jpg")
        command = [sys.executable, "-m", "roomnet_core", "classify", str(photo_folder), "--json", "-"]
        process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        process.stderr.close()
        assert process.wait(timeout=PATIENCE_SECONDS) == console.BROKEN_PIPE
        assert b"Traceback" not in errors and b"Exception ignored" not in errors

    @pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal and SIGINT")
    def test_ctrl_c_at_a_terminal(self, photo_folder: Path, tmp_path: Path, data_folder: Path) -> None:
        make_picture(1, (1200, 900)).save(photo_folder / "big.png", compress_level=1)
        for number in range(400):  # seconds of work
            (photo_folder / f"big{number}.png").hardlink_to(photo_folder / "big.png")
        out = tmp_path / "out.json"
        command = [sys.executable, "-m", "roomnet_core", "classify", str(photo_folder), "--json", str(out)]

        def interrupted() -> float:
            for known in data_folder.glob("catalog*"):
                known.unlink()
            terminal, stderr = os.openpty()
            try:
                process = subprocess.Popen(command, cwd=REPOSITORY, stderr=stderr, stdout=subprocess.DEVNULL)
                os.close(stderr)
                shown = b""
                while b"/407" not in shown:  # the progress bar
                    shown += os.read(terminal, 4096)
                process.send_signal(signal.SIGINT)
                started = time.monotonic()
                with contextlib.suppress(OSError):  # how Linux says that the other side has gone
                    while chunk := os.read(terminal, 4096):
                        shown += chunk
                assert process.wait(timeout=PATIENCE_SECONDS) == console.INTERRUPTED, shown
                seconds = time.monotonic() - started
            finally:
                os.close(terminal)
            assert b"interrupted" in shown and b"Traceback" not in shown and not out.exists()
            return seconds

        assert quickest(interrupted, below=3.0) < 3.0

    def test_interrupts_become_status_130(self, photo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(classify, "_print_rooms", interrupt)
        assert run("classify", photo_folder) == console.INTERRUPTED


class TestProgressBar:
    def test_it_shows_only_on_a_terminal_and_cleans_up(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with console.ProgressBar("Copying") as bar:
            bar.show(1, 2)
        assert capsys.readouterr().err == ""
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        clock = iter([0.0, 0.0, 0.05, 2.0, 4.0])
        with console.ProgressBar("Copying", clock=lambda: next(clock)) as bar:
            for done in (0, 1, 1000, 2000):
                bar.show(done, 2000)
        *drawn, last = [line.strip() for line in capsys.readouterr().err.split("\r")]
        assert last == "" and len([line for line in drawn if line]) == 3  # the second came too soon
        assert "1,000/2,000" in drawn[2] and "500/s" in drawn[2] and "0:02 left" in drawn[2]
