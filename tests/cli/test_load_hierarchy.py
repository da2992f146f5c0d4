"""`maksa load --hierarchy`: a list whose codes grow with each level is loaded with its parents."""

ATC = "code,value\nA02BC01,omeprazole\nA,alimentary\nA02,acid disorders\n"


def test_parents_are_read_from_codes(maksa, tmp_path):
    """And answered by lookup; the title is the one by which the documents' terminologies are known."""
    (tmp_path / "atc.csv").write_text(ATC)
    loaded = maksa("load", tmp_path / "atc.csv", "--terminology", "ATC", "--version", "1", "--hierarchy", "prefix:1,3")
    assert loaded.code == 0, loaded.err
    assert "parent = 'prefix:1,3'" in loaded.out
    assert maksa("publish", "ATC", "1").code == 0

    assert maksa("lookup", "ATC", "A02BC01", "--json").json["parents"] == ["A02"]
    assert maksa("terminologies", "--json").json[0]["title"] == "طبقه‌بندی آناتومیک، درمانی و شیمیایی دارو"


def test_what_is_no_hierarchy_is_a_wrong_command(maksa, tmp_path):
    """Exit code 2; nothing is read."""
    (tmp_path / "atc.csv").write_text(ATC)
    done = maksa("load", tmp_path / "atc.csv", "--terminology", "ATC", "--version", "1", "--hierarchy", "prefix:3,1")

    assert done.code == 2
    assert "each length is greater than the one before" in done.err
