"""The nouns of the house: terminologies, versions, concepts, answers, errors, and how text is folded. No IO."""
