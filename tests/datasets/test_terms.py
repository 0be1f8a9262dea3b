from shortlist.datasets.terms import Terms


def test_terms_are_counted_by_item_under_names_in_order() -> None:
    terms = Terms.of([["queen", "alien", "queen"], [], ["alien"]])

    assert terms.names == ("alien", "queen")
    assert terms.table.toarray().tolist() == [[1, 2], [0, 0], [1, 0]]


def test_the_order_in_which_terms_are_met_changes_nothing() -> None:
    one = Terms.of([["bear", "hat"], ["alien"]])
    other = Terms.of([["hat", "bear"], ["alien"]])

    assert one.names == other.names
    assert one.table.indices.tolist() == other.table.indices.tolist()


def test_a_table_of_no_terms_has_one_empty_column() -> None:
    terms = Terms.of([[], []])

    assert terms.names == ()
    assert terms.table.shape == (2, 1)
    assert terms.table.nnz == 0


def test_no_items_have_no_rows() -> None:
    assert Terms.of([]).table.shape == (0, 1)
