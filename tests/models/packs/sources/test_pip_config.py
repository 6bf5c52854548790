import os
import sys

import pytest

from vultus.models.packs.sources.pip_config import (
    DEFAULT_TIMEOUT_S,
    PYPI,
    parse_config_list,
    read_pip_config,
)


@pytest.fixture
def pip_environment(monkeypatch, tmp_path):
    """No configuration of pip but what the test sets."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    return monkeypatch


@pytest.fixture(params=["pip", "no pip"])
def with_or_without_pip(request, pip_environment):
    if request.param == "no pip":
        pip_environment.setattr(sys, "executable", "/no/such/python")
    return pip_environment


def test_without_configuration_it_is_pypi(with_or_without_pip):
    config = read_pip_config()
    assert (config.indexes, config.find_links, config.trusted_hosts) == ((PYPI,), (), ())
    assert (config.cert, config.client_cert, config.proxy) == (None, None, None)
    assert config.timeout_s == DEFAULT_TIMEOUT_S


def test_the_environment_is_read(with_or_without_pip, tmp_path):
    settings = {
        "PIP_INDEX_URL": "https://mirror.example/simple",
        "PIP_EXTRA_INDEX_URL": "https://one.example/simple  https://two.example/simple",
        "PIP_FIND_LINKS": f"{tmp_path} /no/such/directory https://links.example/page.html",
        "PIP_TRUSTED_HOST": "mirror.example one.example:8080",
        "PIP_CERT": "/etc/ca.pem",
        "PIP_CLIENT_CERT": "/etc/me.pem",
        "PIP_PROXY": "http://proxy.example:3128",
        "PIP_DEFAULT_TIMEOUT": "7",
    }
    for name, value in settings.items():
        with_or_without_pip.setenv(name, value)
    config = read_pip_config()
    assert config.indexes == (
        "https://mirror.example/simple",
        "https://one.example/simple",
        "https://two.example/simple",
    )
    assert config.find_links == (tmp_path.as_uri(), "https://links.example/page.html")
    assert config.trusted_hosts == ("mirror.example", "one.example:8080")
    assert (config.cert, config.client_cert) == ("/etc/ca.pem", "/etc/me.pem")
    assert (config.proxy, config.timeout_s) == ("http://proxy.example:3128", 7)


def test_no_index_leaves_the_links(with_or_without_pip, tmp_path):
    with_or_without_pip.setenv("PIP_NO_INDEX", "1")
    with_or_without_pip.setenv("PIP_FIND_LINKS", str(tmp_path))
    config = read_pip_config()
    assert (config.indexes, config.find_links) == ((), (tmp_path.as_uri(),))


def test_a_configuration_file_is_read(pip_environment, tmp_path):
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex-url = https://all.example/simple\ntimeout = 3\n"
        "extra-index-url =\n    https://one.example/simple\n    https://two.example/simple\n"
        "[install]\nindex-url = https://install.example/simple\n"
    )
    pip_environment.setenv("PIP_CONFIG_FILE", str(file))
    config = read_pip_config()
    assert config.indexes == (
        "https://install.example/simple",
        "https://one.example/simple",
        "https://two.example/simple",
    )
    assert config.timeout_s == 3


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_that_pip_would_trust_are_trusted(pip_environment, name):
    pip_environment.setenv(name, "/etc/company.pem")
    assert read_pip_config().cert == "/etc/company.pem"


def test_a_file_named_pip_in_the_current_directory_is_not_run(pip_environment, tmp_path):
    (tmp_path / "pip.py").write_text(
        "print(\"global.index-url='https://attacker.example/simple'\")"
    )
    pip_environment.chdir(tmp_path)
    assert read_pip_config().indexes == (PYPI,)


def test_later_sections_override_and_foreign_lines_are_passed_over():
    printed = """
        WARNING: something
        :env:.index-url='https://env.example'
        global.index-url='https://global.example'
        install.index-url='https://install.example'
        freeze.timeout='1'
        global.trusted-host='\\na.example\\nb.example'
        """
    assert parse_config_list(printed) == {
        "index-url": "https://env.example",
        "trusted-host": "\na.example\nb.example",
    }
