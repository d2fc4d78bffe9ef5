(add-to-list 'eglot-server-programs
             '((js-mode js-ts-mode typescript-ts-mode tsx-ts-mode) . ("contracode-lsp")))
(add-hook 'eglot-managed-mode-hook #'eglot-inlay-hints-mode)
