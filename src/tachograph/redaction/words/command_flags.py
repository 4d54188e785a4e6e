"""Programs, and those of their flags that have a secret behind them although the flag's name does not say so."""

from __future__ import annotations

_MONGO = "https://www.mongodb.com/docs/database-tools/"
_MOSQUITTO = "https://mosquitto.org/man/mosquitto_pub-1.html"
_SNMP = "https://net-snmp.sourceforge.io/docs/man/snmpcmd.html"

TOOL_FLAGS: dict[str, tuple[tuple[str, ...], str]] = {
    "sqlcmd": (("-P",), "https://learn.microsoft.com/sql/tools/sqlcmd/sqlcmd-utility"),
    "osql": (("-P",), "https://learn.microsoft.com/sql/tools/osql-utility"),
    "mongodump": (("-p",), _MONGO),
    "mongorestore": (("-p",), _MONGO),
    "mongoexport": (("-p",), _MONGO),
    "mongoimport": (("-p",), _MONGO),
    "cqlsh": (("-p",), "https://cassandra.apache.org/doc/latest/cassandra/managing/tools/cqlsh.html"),
    "beeline": (("-p",), "https://cwiki.apache.org/confluence/display/Hive/HiveServer2+Clients"),
    "ipmitool": (("-P",), "https://github.com/ipmitool/ipmitool"),
    "mosquitto_pub": (("-P", "--pw"), _MOSQUITTO),
    "mosquitto_sub": (("-P", "--pw"), _MOSQUITTO),
    "snmpwalk": (("-c", "-A", "-X"), _SNMP),
    "snmpget": (("-c", "-A", "-X"), _SNMP),
    "snmpset": (("-c", "-A", "-X"), _SNMP),
    "ssh-keygen": (("-N", "-P"), "https://man.openbsd.org/ssh-keygen"),
    "unzip": (("-P",), "https://infozip.sourceforge.net/UnZip.html"),
    "psexec": (("-p",), "https://learn.microsoft.com/sysinternals/downloads/psexec"),
    "twine": (("-p",), "https://twine.readthedocs.io/en/stable/"),
    "evil-winrm": (("-p",), "https://github.com/Hackplayers/evil-winrm"),
    "rdesktop": (("-p",), "https://www.rdesktop.org/"),
}
"""By program: the flags, which the scan finds in text and in lists, and the program's manual."""

COMMAND_FLAGS: dict[str, tuple[str, ...]] = {
    "curl": ("-u", "--user", "-U", "--proxy-user", "-b", "--cookie", "--pass"),
    "wget": ("--password", "--http-password"),
    "sshpass": ("-p",),
    "redis-cli": ("-a", "--pass"),
    "docker": ("-p",),
    "podman": ("-p",),
}
"""By program: the flags of those that have rules of their own in text; in lists these flags decide."""

MYSQL = ("mysql", "mariadb", "mysqldump", "mysqladmin")
"""Programs whose flag ``-p`` has the password attached."""

FLAGS: dict[str, tuple[str, ...]] = {**COMMAND_FLAGS, **{program: flags for program, (flags, _) in TOOL_FLAGS.items()}}
"""By program: all of these flags."""
