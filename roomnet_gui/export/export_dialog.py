"""Export: what, which photos, and where to. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui import texts
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.export.kinds import ExportKind, ExportOptions, remember, remembered
from roomnet_gui.export.work import Finding, examine
from roomnet_gui.help import add_help
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner

_PAUSE_MS = 200


class ExportDialog(QDialog):
    """`wanted` carries the options when the person said yes."""

    wanted = Signal(object)

    def __init__(
        self,
        photos: Sequence[SessionPhoto],
        rooms: RoomSet,
        folder: Path,
        name: str,
        runner: Runner,
        settings: QSettings,
        parent: QWidget | None = None,
    ) -> None:
        """`folder` is where an export goes that never went anywhere; `name` is what its file is called."""
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(560)
        self._photos, self._rooms = tuple(photos), rooms
        self._runner, self._settings = runner, settings
        self._job: Job | None = None
        self.finding: Finding | None = None  # of what stands in the fields now, or None
        last = remembered(settings)
        self._folder = last.target if last.target.is_absolute() and last.target.is_dir() else folder
        self._name = name
        self._targets: dict[ExportKind, str] = {}
        self.kinds = QButtonGroup(self)
        self.thumbnails = QCheckBox(self.tr("With &thumbnails"))
        self.bom = QCheckBox(self.tr("Mark it as &UTF-8, so that Excel on Windows shows every letter"))
        self.full_paths = QCheckBox(self.tr("With full &paths of sorted photos, which may tell your user name"))
        self.unsure = QCheckBox()
        self.rejected = QCheckBox()
        self.unreadable = QCheckBox()
        self.field = QLineEdit()
        self.field.setObjectName("exportTarget")
        self.message = ToneLabel()
        self.message.setObjectName("message")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.export_button = self.buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.export_button.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._examine)
        self._lay_out()
        add_help(self)
        self._set_options(last)
        self._connect()
        self._kind_changed()
        self.kinds.checkedButton().setFocus()
        self.finished.connect(lambda _: self._closed())

    # --- the value

    @property
    def kind(self) -> ExportKind:
        return list(ExportKind)[max(0, self.kinds.checkedId())]

    def options(self) -> ExportOptions:
        """What stands in the fields. The target may be no absolute path while it is being typed."""
        return ExportOptions(
            kind=self.kind,
            target=Path(self.field.text().strip()).expanduser(),
            thumbnails=self.thumbnails.isChecked(),
            bom=self.bom.isChecked(),
            full_paths=self.full_paths.isChecked(),
            unsure=self.unsure.isChecked(),
            rejected=self.rejected.isChecked(),
            unreadable=self.unreadable.isChecked(),
        )

    def _set_options(self, options: ExportOptions) -> None:
        self.kinds.button(list(ExportKind).index(options.kind)).setChecked(True)
        self.thumbnails.setChecked(options.thumbnails)
        self.bom.setChecked(options.bom)
        self.full_paths.setChecked(options.full_paths)
        self.unsure.setChecked(options.unsure)
        self.rejected.setChecked(options.rejected)
        self.unreadable.setChecked(options.unreadable)

    # --- parts

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setSpacing(6)
        indent = self.style().pixelMetric(self.style().PixelMetric.PM_ExclusiveIndicatorWidth) + 6
        for number, kind in enumerate(ExportKind):
            button = QRadioButton(kind.title)
            self.kinds.addButton(button, number)
            explanation = ToneLabel(Tone.QUIET)
            explanation.setText(kind.explanation)
            explanation.setContentsMargins(indent, 0, 0, 4)
            layout.addWidget(button)
            layout.addWidget(explanation)
        layout.addSpacing(8)
        self.include = self._make_include()
        layout.addWidget(self.include)
        layout.addSpacing(4)
        layout.addWidget(self.thumbnails)
        layout.addWidget(self.bom)
        layout.addWidget(self.full_paths)
        layout.addWidget(self._make_target())
        layout.addSpacing(4)
        layout.addWidget(self.message)
        layout.addStretch(1)
        layout.addWidget(self.buttons)

    def _make_include(self) -> QWidget:
        """Which photos; what there is none of is not offered."""
        counts = (
            (self.unsure, self.tr("U&nsure ({count})"), sum(photo.needs_review for photo in self._photos)),
            (self.rejected, self.tr("&Rejected ({count})"), sum(photo.rejected for photo in self._photos)),
            (
                self.unreadable,
                self.tr("Not reada&ble ({count})"),
                sum(photo.problem is not None for photo in self._photos),
            ),
        )
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(QLabel(self.tr("Also the photos that are:")))
        for box, text, count in counts:
            box.setText(text.format(count=texts.number(count)))
            box.setVisible(count > 0)
            layout.addWidget(box)
        layout.addStretch(1)
        self._has_kinds = any(count for *_, count in counts)
        return row

    def _make_target(self) -> QWidget:
        self.target_label = QLabel()
        self.target_label.setBuddy(self.field)
        browse = QPushButton(self.tr("Bro&wse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(browse)
        self.target_area = QWidget()
        layout = QVBoxLayout(self.target_area)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.target_label)
        layout.addLayout(row)
        return self.target_area

    def _connect(self) -> None:
        self.kinds.idToggled.connect(lambda _, checked: self._kind_changed() if checked else None)
        self.field.textChanged.connect(lambda _: self._changed())
        for box in (self.thumbnails, self.bom, self.full_paths, self.unsure, self.rejected, self.unreadable):
            box.toggled.connect(lambda _: self._changed())

    def _kind_changed(self) -> None:
        kind = self.kind
        self.thumbnails.setVisible(kind is ExportKind.EXCEL)
        self.bom.setVisible(kind is ExportKind.CSV)
        self.full_paths.setVisible(bool(kind.suffix))
        # Keywords have a rule of their own, which the message says. A photo that cannot be read gets no copy either; in
        # a table it is a line with its problem.
        self.include.setVisible(self._has_kinds and kind is not ExportKind.KEYWORDS)
        self.unreadable.setVisible(bool(kind.suffix) and any(photo.problem is not None for photo in self._photos))
        self.target_area.setVisible(kind is not ExportKind.KEYWORDS)
        is_folder = kind is ExportKind.LABELLED
        self.target_label.setText(self.tr("Fol&der:") if is_folder else self.tr("&File:"))
        self.field.setAccessibleName(self.tr("Folder of the copies") if is_folder else self.tr("File to write"))
        self.field.setText(self._targets.get(kind) or self._proposal(kind))
        self._changed()

    def _proposal(self, kind: ExportKind) -> str:
        name = self.tr("{name} labelled").format(name=self._name) if not kind.suffix else self._name + kind.suffix
        return str(self._folder / name)

    def _browse(self) -> None:
        kind, now = self.kind, self.field.text()
        if kind is ExportKind.LABELLED:
            chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder of the copies"), now)
        else:
            pattern = f"{texts.plain(kind.title)} (*{kind.suffix})"
            chosen, _ = QFileDialog.getSaveFileName(
                self,
                self.tr("File to write"),
                now,
                pattern,
                # What happens to a file that is there is said in the dialog itself.
                options=QFileDialog.Option.DontConfirmOverwrite,
            )
            if chosen and not chosen.lower().endswith(kind.suffix):
                chosen += kind.suffix
        if chosen:
            self.field.setText(chosen)

    # --- looking

    def _changed(self) -> None:
        self._targets[self.kind] = self.field.text()
        self.finding = None
        self._forget_job()
        self.export_button.setEnabled(False)
        self._timer.start()

    def _examine(self) -> None:
        options, photos, rooms = self.options(), self._photos, self._rooms
        job: Job

        def done(finding: Finding) -> None:
            if job is self._job:
                self._job = None
                self._show(finding)

        if options.kind is ExportKind.KEYWORDS:
            self.message.say(self.tr("Looking at the photos…"), Tone.QUIET)
        job = self._job = self._runner.start(
            Lane.FILES, "look at the export", lambda job: examine(photos, rooms, options), Callbacks(done=done)
        )

    def _show(self, finding: Finding) -> None:
        self.finding = finding
        self.message.say(finding.message, finding.tone)
        what = texts.photos(finding.count) if finding.count else self.tr("photos")
        pattern = {
            ExportKind.LABELLED: self.tr("Copy {photos}"),
            ExportKind.KEYWORDS: self.tr("Write into {photos}"),
        }.get(self.kind, self.tr("Export {photos}"))
        self.export_button.setText(pattern.format(photos=what))
        self.export_button.setEnabled(finding.can_start)

    # --- the end

    def accept(self) -> None:
        if self.finding is None or not self.finding.can_start:
            return
        options = self.options()
        remember(self._settings, options)
        super().accept()
        self.wanted.emit(options)

    def _forget_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _closed(self) -> None:
        self._timer.stop()
        self._forget_job()
