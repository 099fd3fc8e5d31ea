"""What goes over HTTP. `…ChangeSchema`, `…RequestSchema` and query schemas come in, all others go out."""
