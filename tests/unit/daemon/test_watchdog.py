"""The watchdog ends a process that does nothing any more, and no other."""

from __future__ import annotations

from medsched.daemon.watchdog import EVERY, EXIT_CODE, LIMIT, Watchdog


class Process:
    """A steady clock, and the exit codes that were asked for."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.codes: list[int] = []
        self.told = 0
        self.watchdog = Watchdog(steady=lambda: self.now, end=self.codes.append, tell=self._tell)

    def _tell(self) -> None:
        self.told += 1

    def live(self, seconds: float, *, working: bool) -> None:
        """Let time pass, turn by turn."""
        for _ in range(int(seconds / EVERY)):
            self.now += EVERY
            if working:
                self.watchdog.alive()
            self.watchdog.look()


def test_row_39_a_silence_of_more_than_a_minute_ends_the_process() -> None:
    """The scheduler's thread may be dead while the process lives and says that it runs."""
    process = Process()
    process.live(LIMIT, working=False)
    assert process.codes == []
    process.live(EVERY, working=False)
    assert process.codes == [EXIT_CODE] == [70]


def test_work_keeps_it_alive_for_ever() -> None:
    process = Process()
    process.live(3600, working=True)
    assert process.codes == []


def test_row_7_a_process_that_was_stopped_as_a_whole_gets_its_time_to_come_back() -> None:
    """After SIGSTOP for an hour the watchdog wakes first; the cycle only then."""
    process = Process()
    process.now += 3600
    process.watchdog.look()
    assert process.codes == []


def test_systemd_is_told_only_while_work_is_done() -> None:
    process = Process()
    process.live(60, working=True)
    assert process.told == 12
    process.live(600, working=False)
    assert process.told < 12 + LIMIT / EVERY


def test_it_looks_by_itself_until_it_is_stopped() -> None:
    watchdog = Watchdog(end=lambda _code: None)
    watchdog.start()
    watchdog.stop()
