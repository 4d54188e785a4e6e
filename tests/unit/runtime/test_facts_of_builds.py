"""Each build system's own variables, as it documents them."""

from __future__ import annotations

import pytest

from tachograph.run.ci import ci_facts

SHA = "0123456789abcdef0123456789abcdef01234567"

BUILDS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "github, a push": (
        {
            "GITHUB_ACTIONS": "true",
            "GITHUB_RUN_ID": "1658821493",
            "GITHUB_HEAD_REF": "",
            "GITHUB_REF_NAME": "main",
            "GITHUB_REF_TYPE": "branch",
            "GITHUB_SHA": SHA,
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "octo/cat",
            "GITHUB_WORKFLOW": "Nightly",
        },
        {
            "provider": "github",
            "build_id": "1658821493",
            "branch": "main",
            "commit": SHA,
            "url": "https://github.com/octo/cat/actions/runs/1658821493",
            "pipeline": "Nightly",
        },
    ),
    "github, a pull request": (
        {
            "GITHUB_ACTIONS": "true",
            "GITHUB_HEAD_REF": "mend-it",
            "GITHUB_REF_NAME": "12/merge",
            "GITHUB_REF_TYPE": "branch",
        },
        {"provider": "github", "branch": "mend-it"},
    ),
    "github, a tag": (
        {"GITHUB_ACTIONS": "true", "GITHUB_REF_NAME": "v1", "GITHUB_REF_TYPE": "tag"},
        {"provider": "github"},
    ),
    "gitlab": (
        {
            "GITLAB_CI": "true",
            "CI_PIPELINE_ID": "361",
            "CI_JOB_ID": "50",
            "CI_COMMIT_BRANCH": "main",
            "CI_COMMIT_SHA": SHA,
            "CI_JOB_URL": "https://gitlab.example/g/p/-/jobs/50",
            "CI_PIPELINE_URL": "https://gitlab.example/g/p/-/pipelines/361",
            "CI_PROJECT_PATH": "g/p",
        },
        {
            "provider": "gitlab",
            "build_id": "361",
            "branch": "main",
            "commit": SHA,
            "url": "https://gitlab.example/g/p/-/jobs/50",
            "pipeline": "g/p",
        },
    ),
    "gitlab, a merge request": (
        {"GITLAB_CI": "true", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "mend-it"},
        {"provider": "gitlab", "branch": "mend-it"},
    ),
    "jenkins": (
        {
            "JENKINS_URL": "https://ci.example/",
            "BUILD_ID": "153",
            "BUILD_NUMBER": "153",
            "GIT_BRANCH": "origin/main",
            "GIT_COMMIT": SHA,
            "BUILD_URL": "https://ci.example/job/agent/153/",
            "JOB_NAME": "agent",
        },
        {
            "provider": "jenkins",
            "build_id": "153",
            "branch": "main",
            "commit": SHA,
            "url": "https://ci.example/job/agent/153/",
            "pipeline": "agent",
        },
    ),
    "jenkins, a change request": (
        {"JENKINS_URL": "https://ci.example/", "CHANGE_BRANCH": "mend-it", "BRANCH_NAME": "PR-12"},
        {"provider": "jenkins", "branch": "mend-it"},
    ),
    "circleci": (
        {
            "CIRCLECI": "true",
            "CIRCLE_BUILD_NUM": "25",
            "CIRCLE_BRANCH": "main",
            "CIRCLE_SHA1": SHA,
            "CIRCLE_BUILD_URL": "https://circleci.com/gh/octo/cat/25",
            "CIRCLE_JOB": "nightly",
        },
        {
            "provider": "circleci",
            "build_id": "25",
            "branch": "main",
            "commit": SHA,
            "url": "https://circleci.com/gh/octo/cat/25",
            "pipeline": "nightly",
        },
    ),
    "bitbucket": (
        {
            "BITBUCKET_BUILD_NUMBER": "8",
            "BITBUCKET_BRANCH": "main",
            "BITBUCKET_COMMIT": SHA,
            "BITBUCKET_GIT_HTTP_ORIGIN": "http://bitbucket.org/octo/cat",
            "BITBUCKET_REPO_FULL_NAME": "octo/cat",
        },
        {
            "provider": "bitbucket",
            "build_id": "8",
            "branch": "main",
            "commit": SHA,
            "url": "https://bitbucket.org/octo/cat/pipelines/results/8",
            "pipeline": "octo/cat",
        },
    ),
    "azure": (
        {
            "TF_BUILD": "True",
            "BUILD_BUILDID": "77",
            "BUILD_SOURCEBRANCH": "refs/heads/feature/one",
            "BUILD_SOURCEVERSION": SHA,
            "SYSTEM_COLLECTIONURI": "https://dev.azure.com/octo/",
            "SYSTEM_TEAMPROJECT": "the cat",
            "BUILD_DEFINITIONNAME": "nightly",
        },
        {
            "provider": "azure",
            "build_id": "77",
            "branch": "feature/one",
            "commit": SHA,
            "url": "https://dev.azure.com/octo/the%20cat/_build/results?buildId=77",
            "pipeline": "nightly",
        },
    ),
    "buildkite": (
        {
            "BUILDKITE": "true",
            "BUILDKITE_BUILD_ID": "4735ba57-80d0-46e2-8fa0-b28223a86586",
            "BUILDKITE_BRANCH": "main",
            "BUILDKITE_COMMIT": "HEAD",
            "BUILDKITE_BUILD_URL": "https://buildkite.com/octo/cat/builds/1514",
            "BUILDKITE_PIPELINE_SLUG": "cat",
        },
        {
            "provider": "buildkite",
            "build_id": "4735ba57-80d0-46e2-8fa0-b28223a86586",
            "branch": "main",
            "url": "https://buildkite.com/octo/cat/builds/1514",
            "pipeline": "cat",
        },
    ),
    "none": ({"CI": "true", "PATH": "/bin"}, {}),
}


@pytest.mark.parametrize(("environ", "expected"), BUILDS.values(), ids=BUILDS.keys())
def test_builds(environ: dict[str, str], expected: dict[str, str]) -> None:
    assert ci_facts(environ) == expected
