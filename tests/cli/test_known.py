"""`maksa terminologies --known`: what ships with maksa about the documents' terminologies."""


def test_the_documents_terminologies_are_listed_before_any_is_published(maksa):
    """With titles, issuer, address and licence, for people and programs."""
    rows = {row[0]: row for row in maksa("terminologies", "--known").rows}
    facts = {each["id"]: each for each in maksa("terminologies", "--known", "--json").json}

    assert rows["SNOMEDCT"][4:6] == ["http://snomed.info/sct", "*"]
    assert rows.keys() == facts.keys()
    assert (
        facts["eRX"].items()
        >= {
            "id": "eRX",
            "title_fa": "عنوان رسمی داروهای نسخهٔ الکترونیک",
            "title_en": "Drugs of the electronic prescription",
            "issuer": "Food and Drug Organization of Iran",
            "url": "",
            "licence": "none stated",
            "hierarchical": False,
        }.items()
    )
    assert maksa("terminologies").rows == []
