"""The tables, one module for each topic, loaded when they are used; `everything` has them all."""
