(with-eval-after-load 'lsp-mode
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection '("contracode-lsp"))
                    :activation-fn (lsp-activate-on "javascript" "javascriptreact" "typescript" "typescriptreact")
                    :add-on? t
                    :server-id 'contracode)))
(setq lsp-inlay-hint-enable t)
