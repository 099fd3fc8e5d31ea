"""The rules of borrowing: plain values in, reasons and plans out; `now` is always an argument."""
