"""Weighted terms -> sparse vectors of length one."""

import numpy as np
from scipy.sparse import csr_array

from shortlist.retrieval.sparse import largest_per_row


def tfidf(weights: csr_array, max_terms: int, terms_per_item: int) -> csr_array:
    """Each row's term weights times idf = log(n / df), scaled to length one.

    Terms of one row only, or of all, tell nothing and are left out. Of the rest the
    `max_terms` most frequent stay (ties: the first column), and of a row its largest
    `terms_per_item`.
    """
    n = weights.shape[0]
    frequency = np.bincount(weights.indices, minlength=weights.shape[1])
    telling = np.flatnonzero((frequency > 1) & (frequency < n))
    order = np.argsort(-frequency[telling], kind="stable")
    columns = np.sort(telling[order[:max_terms]])

    table = weights[:, columns].astype(np.float32)
    idf = np.log(n / np.maximum(frequency[columns], 1)).astype(np.float32)
    table.data = table.data * idf[table.indices]
    kept = largest_per_row(table, terms_per_item)
    lengths = np.sqrt(np.asarray(kept.multiply(kept).sum(axis=1)))
    scale = np.repeat(np.maximum(lengths, 1e-9), np.diff(kept.indptr))
    return csr_array((kept.data / scale, kept.indices, kept.indptr), shape=kept.shape)
