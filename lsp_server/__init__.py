"""The Language Server of ContraCode: learned type hints for JavaScript editors."""
