"""Review and Train in one window: which of them is shown, and whose photos the keys, undo and menus act on."""

from __future__ import annotations

from PySide6.QtGui import QUndoGroup
from PySide6.QtWidgets import QStackedWidget, QWidget

from roomnet_core.rooms import RoomSet
from roomnet_gui.actions import Actions
from roomnet_gui.review.empty_state import EmptyState
from roomnet_gui.review.review_page import ReviewPage
from roomnet_gui.review.session import ReviewSession
from roomnet_gui.train.train_page import TrainPage


class Pages(QStackedWidget):
    """The invitation, the review, or the training; `training` says which the person chose."""

    def __init__(
        self,
        actions: Actions,
        undo: QUndoGroup,
        session: ReviewSession,
        empty: EmptyState,
        review: ReviewPage,
        train: TrainPage,
    ) -> None:
        super().__init__()
        self._actions, self._undo, self._session = actions, undo, session
        self.empty, self.review, self.train = empty, review, train
        for page in (empty, review, train):
            self.addWidget(page)
        for stack in (session.undo_stack, train.data.photos.undo_stack, train.result.photos.undo_stack):
            undo.addStack(stack)
        for action in (actions.show_review, actions.show_train):
            action.triggered.connect(self._chosen)
        actions.room_chosen.connect(self._label_selected)
        actions.reject.triggered.connect(self._reject_selected)
        actions.next_panel.triggered.connect(lambda: self._next_panel(1))
        actions.previous_panel.triggered.connect(lambda: self._next_panel(-1))
        review.selection_changed.connect(self.update_actions)
        review.previewing_changed.connect(lambda previewing: self.update_actions())
        train.state_changed.connect(self.update_actions)
        train.rooms_changed.connect(self.update_rooms)
        train.wanted.connect(actions.show_train.trigger)

    @property
    def training(self) -> bool:
        """Whether the Train page is shown."""
        return self._actions.show_train.isChecked()

    @property
    def rooms(self) -> RoomSet:
        """The rooms whose keys label what is on the screen."""
        return (self.train.rooms if self.training else None) or self._session.document.rooms

    def update_page(self) -> None:
        """After photos came or went, or another page was chosen."""
        photos = len(self._session.document) > 0
        page: QWidget = self.train if self.training else self.review if photos else self.empty
        if page is not self.currentWidget():
            self.setCurrentWidget(page)
            if page is self.review:
                self.review.grid.setFocus()
            elif page is self.empty:
                self.empty.focus_start()
        self.update_actions()

    def update_rooms(self) -> None:
        """After the rooms on the screen became others."""
        self._undo.setActiveStack(self.train.undo_stack if self.training else self._session.undo_stack)
        if list(self.rooms) != [action.data() for action in self._actions.rooms.values()]:
            self._actions.set_rooms(self.rooms)
        self.update_actions()

    def update_actions(self) -> None:
        """After each move of the selection: nothing here may count photos."""
        training, review = self.training, self.review
        self._actions.set_state(
            photos=len(self._session.document) > 0,
            selected=self.train.has_selection if training else review.grid.selectionModel().hasSelection(),
            running=self._session.running,
            previewing=review.previewing and not training,
            training=training,
        )

    # --- what the person does

    def _chosen(self) -> None:
        self.update_page()
        self.update_rooms()
        if self.training:
            self.train.focus_start()

    def _next_panel(self, step: int) -> None:
        (self.train if self.training else self.review).next_panel(step)

    def _label_selected(self, room_id: int) -> None:
        (self.train if self.training else self.review).label_selected(room_id)

    def _reject_selected(self) -> None:
        if self.training:
            self.train.leave_out_selected()
        else:
            self.review.reject_selected()
