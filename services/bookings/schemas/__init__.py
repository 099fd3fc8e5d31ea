"""HTTP shapes. `…RequestSchema` and query schemas come in; all others go out."""
