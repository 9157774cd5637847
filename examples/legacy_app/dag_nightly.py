# Airflow DAG for the new platform (WIP, HAL-501)
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.python import PythonOperator


def _nightly(**ctx):
    import collect
    return collect.main([])


def _scores(**ctx):
    import export_scores
    return export_scores.export("halloran.db", "out/scores.dat")


with DAG("halloran_nightly", start_date=datetime(2023, 1, 1), schedule="15 2 * * *", catchup=False,
         default_args={"retries": 3, "retry_delay": timedelta(minutes=5)}) as dag:
    t1 = PythonOperator(task_id="nightly", python_callable=_nightly)
    t2 = PythonOperator(task_id="scores", python_callable=_scores)
    t1 >> t2
