"""Fixtures of the contact form's tests."""

import pytest

from tests.jobs import RunJobs, jobs_in_this_transaction


@pytest.fixture
def run_jobs() -> RunJobs:
    return jobs_in_this_transaction()
