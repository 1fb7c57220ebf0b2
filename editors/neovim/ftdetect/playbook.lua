vim.api.nvim_create_autocmd({ 'BufRead', 'BufNewFile' }, {
  pattern = '*.playbook',
  callback = function()
    vim.bo.filetype = 'playbook'
  end,
})
