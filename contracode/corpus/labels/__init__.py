"""Type labels from TypeScript sources, and data labelled for fine-tuning."""
