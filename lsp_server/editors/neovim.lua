vim.lsp.config("contracode", {
  cmd = { "contracode-lsp" },
  filetypes = { "javascript", "javascriptreact", "typescript", "typescriptreact" },
  root_markers = { "package.json", ".git" },
  init_options = { threshold = 0.6 },
})
vim.lsp.enable("contracode")
vim.lsp.inlay_hint.enable(true)
