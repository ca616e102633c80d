from marketmover.campaigns.brief.word_meaning import meaning, role_likeness


def test_words_for_people_are_more_like_roles_than_words_for_things() -> None:
    people = [role_likeness(word) for word in ("surgeons", "nurses")]
    things = [role_likeness(word) for word in ("carpets", "biscuits")]
    assert min(people) > max(things)


def test_a_plural_means_what_its_singular_means() -> None:
    assert meaning("carpets") == meaning("carpet") != ()
