# Luigi wrapper, trial 2018 (dh).  Not in use?
import datetime
import subprocess

import luigi


class Nightly(luigi.Task):
    day = luigi.DateParameter(default=datetime.date.today())

    def output(self):
        return luigi.LocalTarget("out/report_%s.txt" % self.day.strftime("%Y%m%d"))

    def run(self):
        subprocess.check_call(["sh", "nightly.sh"])


class Scores(luigi.Task):
    day = luigi.DateParameter(default=datetime.date.today())

    def requires(self):
        return Nightly(self.day)

    def output(self):
        return luigi.LocalTarget("out/scores.dat")

    def run(self):
        import export_scores
        export_scores.export("halloran.db", self.output().path)
