"""Reading what the grammars do not: syntax that they lack, Flow types, scripts in markup."""
