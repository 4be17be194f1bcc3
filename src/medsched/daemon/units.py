"""What the three systems need to know to keep the daemon running.

systemd gives up after five starts in ten seconds unless told never to; so it is told,
and the storm is calmed by the daemon itself (`restart`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from medsched.errors import InvalidValue
from medsched.frozen import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

NAME: Final = "medsched"
LABEL: Final = "org.medsched.daemon"


@frozen
class Command:
    """How the daemon is started.

    Args:
        program: The program and its arguments: anybody on the machine can see them.
        home: Where it writes, and nowhere else.
        environment: What only its owner may see, such as a database's password.
    """

    program: Sequence[str]
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)


def systemd_unit(command: Command) -> str:
    """Return a user unit for `~/.config/systemd/user/medsched.service`.

    Raises:
        InvalidValue: a path with a character that a unit file cannot hold.
    """
    home = _quoted(str(command.home))
    environment = "".join(
        f"Environment={_quoted(f'{name}={value}')}\n" for name, value in command.environment.items()
    )
    return f"""[Unit]
Description=Reminders of doses
Documentation=man:systemd.service(5)
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
{environment}ExecStart={" ".join(_quoted(one) for one in command.program)}
Restart=always
RestartSec=5
WatchdogSec=90
TimeoutStartSec=180
TimeoutStopSec=40
KillSignal=SIGTERM
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={home}
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
MemoryMax=512M
LimitCORE=0

[Install]
WantedBy=default.target
"""


def launchd_plist(command: Command) -> str:
    """Return a launch agent for `~/Library/LaunchAgents/org.medsched.daemon.plist`."""
    arguments = "\n".join(f"    <string>{escape(one)}</string>" for one in command.program)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN"
  "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>{LABEL}</string>
  <key>ProgramArguments</key>
  <array>
{arguments}
  </array>
{_launchd_environment(command)}  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <true/>
  <key>ThrottleInterval</key>
  <integer>5</integer>
  <key>ExitTimeOut</key>
  <integer>40</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>ProcessType</key>
  <string>Background</string>
</dict>
</plist>
"""


def _launchd_environment(command: Command) -> str:
    if not command.environment:
        return ""
    pairs = "".join(
        f"    <key>{escape(name)}</key>\n    <string>{escape(value)}</string>\n"
        for name, value in command.environment.items()
    )
    return f"  <key>EnvironmentVariables</key>\n  <dict>\n{pairs}  </dict>\n"


def windows_task(command: Command) -> str:
    """Return a task for `schtasks /Create /TN medsched /XML FILE`.

    Raises:
        InvalidValue: it needs something in its environment, which a task cannot hold.
    """
    if command.environment:
        names = ", ".join(command.environment)
        raise InvalidValue("Windows task", names, "set it for the user in the system's settings")
    program, *arguments = command.program
    told = escape(" ".join(_for_windows(one) for one in arguments))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Reminders of doses</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
    </LogonTrigger>
  </Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions>
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{told}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def _quoted(text: str) -> str:
    """Return a word of a systemd unit; `%`, `$`, quotes and backslashes lose their meaning."""
    if any(ord(one) < ord(" ") for one in text):
        raise InvalidValue("path", repr(text), "a unit file holds no control characters")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _for_windows(text: str) -> str:
    return f'"{text}"' if " " in text else text
