"""Which build of a build system a process runs in, from the variables those systems document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}\Z")
_HEADS = "refs/heads/"


class _System(NamedTuple):
    """One build system: the variable that identifies it, and the variables with the facts of a build."""

    provider: str
    sign: str
    build_id: tuple[str, ...]
    branch: Callable[[Mapping[str, str]], str | None]
    commit: str
    url: Callable[[Mapping[str, str]], str | None]
    pipeline: tuple[str, ...]


def ci_facts(environ: Mapping[str, str]) -> dict[str, str]:
    """The build that a process is part of.

    Parameters
    ----------
    environ
        The environment of the process.

    Returns
    -------
    dict
        ``provider``, ``build_id``, ``branch``, ``commit``, ``url`` and ``pipeline``, as far as the system
        reports them; empty outside of the seven systems known. A tag is not reported as a branch.
    """
    for system in _SYSTEMS:
        if environ.get(system.sign):
            commit = environ.get(system.commit)
            facts = {
                "provider": system.provider,
                "build_id": _first(environ, *system.build_id),
                "branch": system.branch(environ),
                "commit": commit if commit and _COMMIT.match(commit) else None,
                "url": system.url(environ),
                "pipeline": _first(environ, *system.pipeline),
            }
            return {name: value for name, value in facts.items() if value}
    return {}


def _first(environ: Mapping[str, str], *names: str) -> str | None:
    return next((value for name in names if (value := environ.get(name))), None)


def _named(*names: str) -> Callable[[Mapping[str, str]], str | None]:
    return lambda environ: _first(environ, *names)


def _github_branch(environ: Mapping[str, str]) -> str | None:
    # In a pull request the ref is a merge made for the build; the head is the branch people mean.
    if head := environ.get("GITHUB_HEAD_REF"):
        return head
    return environ.get("GITHUB_REF_NAME") if environ.get("GITHUB_REF_TYPE", "branch") == "branch" else None


def _github_url(environ: Mapping[str, str]) -> str | None:
    server, repository = environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_REPOSITORY")
    run = environ.get("GITHUB_RUN_ID")
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else None


def _jenkins_branch(environ: Mapping[str, str]) -> str | None:
    # GIT_BRANCH carries the name of the remote, BRANCH_NAME in a change request is "PR-12".
    if branch := _first(environ, "CHANGE_BRANCH", "BRANCH_NAME"):
        return branch
    return _first(environ, "GIT_LOCAL_BRANCH") or (environ.get("GIT_BRANCH", "").removeprefix("origin/") or None)


def _bitbucket_url(environ: Mapping[str, str]) -> str | None:
    origin, build = environ.get("BITBUCKET_GIT_HTTP_ORIGIN"), environ.get("BITBUCKET_BUILD_NUMBER")
    if not origin or not build:
        return None
    return f"{origin.removesuffix('.git').replace('http://', 'https://', 1)}/pipelines/results/{build}"


def _azure_branch(environ: Mapping[str, str]) -> str | None:
    ref = _first(environ, "SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH")
    return ref.removeprefix(_HEADS) if ref and ref.startswith(_HEADS) else None


def _azure_url(environ: Mapping[str, str]) -> str | None:
    collection, project = environ.get("SYSTEM_COLLECTIONURI"), environ.get("SYSTEM_TEAMPROJECT")
    build = environ.get("BUILD_BUILDID")
    if not collection or not project or not build:
        return None
    return f"{collection.rstrip('/')}/{project.replace(' ', '%20')}/_build/results?buildId={build}"


_SYSTEMS = (
    # https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    _System(
        "github", "GITHUB_ACTIONS", ("GITHUB_RUN_ID",), _github_branch, "GITHUB_SHA", _github_url,
        ("GITHUB_WORKFLOW",),
    ),
    # https://docs.gitlab.com/ci/variables/predefined_variables/
    _System(
        "gitlab", "GITLAB_CI", ("CI_PIPELINE_ID", "CI_JOB_ID"),
        _named("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH"), "CI_COMMIT_SHA",
        _named("CI_JOB_URL", "CI_PIPELINE_URL"), ("CI_PIPELINE_NAME", "CI_PROJECT_PATH"),
    ),
    # https://circleci.com/docs/reference/variables/
    _System(
        "circleci", "CIRCLECI", ("CIRCLE_BUILD_NUM",), _named("CIRCLE_BRANCH"), "CIRCLE_SHA1",
        _named("CIRCLE_BUILD_URL"), ("CIRCLE_JOB",),
    ),
    # https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
    _System(
        "bitbucket", "BITBUCKET_BUILD_NUMBER", ("BITBUCKET_BUILD_NUMBER",), _named("BITBUCKET_BRANCH"),
        "BITBUCKET_COMMIT", _bitbucket_url, ("BITBUCKET_REPO_FULL_NAME",),
    ),
    # https://learn.microsoft.com/en-us/azure/devops/pipelines/build/variables
    _System(
        "azure", "TF_BUILD", ("BUILD_BUILDID",), _azure_branch, "BUILD_SOURCEVERSION", _azure_url,
        ("BUILD_DEFINITIONNAME",),
    ),
    # https://buildkite.com/docs/pipelines/configure/environment-variables
    _System(
        "buildkite", "BUILDKITE", ("BUILDKITE_BUILD_ID",), _named("BUILDKITE_BRANCH"), "BUILDKITE_COMMIT",
        _named("BUILDKITE_BUILD_URL"), ("BUILDKITE_PIPELINE_SLUG",),
    ),
    # https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables and, for the branch and the
    # commit, https://plugins.jenkins.io/git/
    _System(
        "jenkins", "JENKINS_URL", ("BUILD_ID", "BUILD_NUMBER"), _jenkins_branch, "GIT_COMMIT", _named("BUILD_URL"),
        ("JOB_NAME",),
    ),
)  # fmt: skip
