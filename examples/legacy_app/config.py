# config.py -- settings for the nightly run
# order: environment, then halloran.ini, then the defaults below
import configparser
import os

INI = os.environ.get("HALLORAN_INI", "halloran.ini")

cp = configparser.ConfigParser()
cp.read(INI)


def get(section, key, default=None):
    """Value from the ini file as a string, or default.  Raises KeyError if
    the section is missing."""
    try:
        v = cp.get(section, key)
        if v == "":
            return default
        return v
    except:
        return default


def num(section, key, default=0):
    v = get(section, key, default)
    try:
        return int(v)
    except ValueError:
        return float(v)


HOME = os.environ.get("HALLORAN_HOME") or get("paths", "home", "")
if HOME:
    os.chdir(HOME)

ENV = os.environ.get("HALLORAN_ENV", "prod")
DEBUG = int(os.environ.get("HALLORAN_DEBUG", get("run", "debug", "0")))

DB = get("db", "path", "halloran.db")
IN = get("paths", "in", "in")
OUT = get("paths", "out", "out")
LOGFILE = get("paths", "log", "nightly.log")

COMMIT_EVERY = num("run", "commit_every", 50)
COURTESY_RATE = num("run", "courtesy_rate", 0.05)
SEND_SMS = num("run", "send_sms", 0)
USE_NEW_SCORE = num("run", "use_new_score", 0)      # HAL-455, after the Q3 freeze

BUREAU_URL = get("bureau", "url", "http://127.0.0.1:9/")
BUREAU_TIMEOUT = num("bureau", "timeout", 2)
BUREAU_KEY = os.environ.get("BUREAU_API_KEY", get("bureau", "key", "changeme"))

LATE_FEE = get("fees", "late", "12.50")
DD_FEE = get("fees", "dd", "1.20")
FEE_CAP = get("fees", "cap", "75.00")
# SMTP = get("mail", "smtp", "mail.halloran.local")
