"""The certificate of this computer in its own network."""

from __future__ import annotations

import ssl
import sys
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509

from voice_coach.certificate import LASTS, NoCertificate, certificate_for

NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)
HOST = "192.168.1.20"


def read(path):
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_it_names_the_address_and_can_be_served(tmp_path):
    path = certificate_for(HOST, tmp_path, NOW)
    names = read(path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name) for name in names.get_values_for_type(x509.IPAddress)] == [HOST]
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(path)


def test_a_computer_may_have_a_name(tmp_path):
    path = certificate_for("nas.local", tmp_path, NOW)
    names = read(path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["nas.local"]


def test_it_is_kept_so_that_it_is_accepted_only_once(tmp_path):
    first = certificate_for(HOST, tmp_path, NOW).read_bytes()
    assert certificate_for(HOST, tmp_path, NOW + timedelta(days=300)).read_bytes() == first


def test_it_is_renewed_a_month_before_it_expires_and_for_another_address(tmp_path):
    first = certificate_for(HOST, tmp_path, NOW).read_bytes()
    second = certificate_for(HOST, tmp_path, NOW + timedelta(days=370)).read_bytes()
    assert second != first
    assert (
        certificate_for("192.168.1.21", tmp_path, NOW + timedelta(days=370)).read_bytes() != second
    )


def test_it_does_not_last_longer_than_apple_accepts(tmp_path):
    made = read(certificate_for(HOST, tmp_path, NOW))
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=397) == LASTS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_can_read_the_key(tmp_path):
    path = certificate_for(HOST, tmp_path / "new", NOW)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    path.chmod(0o644)
    certificate_for(HOST, tmp_path / "new", NOW)
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_damaged_file_is_replaced(tmp_path, content):
    (tmp_path / "phone.pem").write_bytes(content)
    assert read(certificate_for(HOST, tmp_path, NOW))


def test_a_link_in_its_place_is_replaced_and_what_it_points_to_stays(tmp_path):
    (tmp_path / "other").write_text("mine")
    (tmp_path / "phone.pem").symlink_to(tmp_path / "other")
    assert not certificate_for(HOST, tmp_path, NOW).is_symlink()
    assert (tmp_path / "other").read_text() == "mine"


def test_without_the_extra_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(NoCertificate, match=r"pip install 'voice-coach\[phone\]'"):
        certificate_for(HOST, tmp_path, NOW)
