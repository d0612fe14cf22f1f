"""One module per repair or imputation rule: STAGE, READS and repair(layers, rules) -> Repaired."""
