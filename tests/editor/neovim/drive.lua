-- Drives a headless Neovim as a person would, by a plan in JSON, and writes down what there is to see after each step.
--
--   PLAN=plan.json RESULTS=results.json nvim --headless -u NONE -i NONE -n -c 'luafile drive.lua'
--
-- plan = { command = { "playbook", "lsp" }, server = true, root = "…", editors = "…/editors/neovim", file = "…",
--          steps = { { act = "hover", at = "icp", … }, … } }
-- A place is a piece of the text, `at`, the first or the `nth` of them, and characters behind its beginning, `right`.

-- The compiler in Debian's LuaJIT, a beta, breaks loops that run often; nothing here needs it.
jit.off()

local function read(path)
  local file = assert(io.open(path))
  local text = file:read('*a')
  file:close()
  return vim.fn.json_decode(text)
end

local plan = read(vim.env.PLAN)
local results = {}
local notices = {}

local function finish(failure)
  local file = assert(io.open(vim.env.RESULTS, 'w'))
  file:write(vim.fn.json_encode({ results = results, notices = notices, failure = failure or vim.NIL }))
  file:close()
  vim.cmd('qall!')
end

-- What the user would be told.
vim.notify = function(message, level)
  table.insert(notices, { message = message, level = level or vim.log.levels.INFO })
end

-- The plan runs in a coroutine, so that Neovim does its own work, keys included, while something is waited for.
local running

local function resume()
  local lives, failure = coroutine.resume(running)
  if not lives then
    finish(debug.traceback(running, failure))
  end
end

local function pause(milliseconds)
  vim.defer_fn(resume, milliseconds)
  coroutine.yield()
end

-- Waits until something holds; says whether it does.
local function wait(holds, limit)
  local until_then = vim.loop.now() + (limit or 10000)
  repeat
    local value = holds()
    if value then
      return value
    end
    pause(10)
    vim.loop.update_time()
  until vim.loop.now() > until_then
  return nil
end

local function keys(typed)
  vim.api.nvim_input(typed)
  pause(30)
end

local function lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)
end

local function relative(path)
  return vim.fn.fnamemodify(path, ':p'):gsub('^' .. vim.pesc(plan.root) .. '/?', '')
end

-- All loaded playbooks, by name.
local function texts()
  local all = {}
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local name = vim.api.nvim_buf_get_name(buffer)
    if vim.api.nvim_buf_is_loaded(buffer) and name:match('%.playbook$') then
      all[relative(name)] = lines(buffer)
    end
  end
  return all
end

-- A file as it is on the disk.
local function saved(name)
  local path = plan.root .. '/' .. name
  return vim.fn.filereadable(path) == 1 and vim.fn.readfile(path) or {}
end

-- What became of the texts: `-` a line that is no more, `+` one that is new, each with its place. What was not open before was as
-- it is on the disk.
local function changes(before)
  local changed = {}
  local now = texts()
  local names = vim.tbl_keys(now)
  table.sort(names)
  for _, name in ipairs(names) do
    local old, new = before[name] or saved(name), now[name]
    local hunks = vim.diff(table.concat(old, '\n') .. '\n', table.concat(new, '\n') .. '\n', { result_type = 'indices' })
    for _, hunk in ipairs(hunks) do
      local old_from, old_count, new_from, new_count = unpack(hunk)
      for line = old_from, old_from + old_count - 1 do
        table.insert(changed, ('%s:%d - %s'):format(name, line, old[line]))
      end
      for line = new_from, new_from + new_count - 1 do
        table.insert(changed, ('%s:%d + %s'):format(name, line, new[line]))
      end
    end
  end
  return changed
end

-- Puts the cursor on a place.
local function go(place)
  local nth = place.nth or 1
  for line, text in ipairs(lines()) do
    local from = 1
    while true do
      local column = text:find(place.at, from, true)
      if not column then
        break
      end
      nth = nth - 1
      if nth == 0 then
        vim.api.nvim_win_set_cursor(0, { line, column - 1 + (place.right or 0) })
        -- Neovim has to see that the cursor was moved: a window that shows something of a place closes when it does.
        pause(50)
        return
      end
      from = column + 1
    end
  end
  error('there is no `' .. place.at .. '` in ' .. vim.api.nvim_buf_get_name(0))
end

local function floating()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return window
    end
  end
end

local function in_float(act)
  act()
  local window = wait(floating)
  if not window then
    return vim.NIL
  end
  local shown = lines(vim.api.nvim_win_get_buf(window))
  vim.api.nvim_win_close(window, true)
  return shown
end

local function here()
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  return ('%s:%d:%d %s'):format(relative(vim.api.nvim_buf_get_name(0)), line, column + 1, vim.api.nvim_get_current_line())
end

-- Waits until the text has stood still for a moment.
local function settled(before)
  wait(function()
    return #changes(before) > 0
  end)
  pause(200)
  return changes(before)
end

local function choosing(step, act)
  local offered = {}
  local select = vim.ui.select
  vim.ui.select = function(items, options, chosen)
    for _, item in ipairs(items) do
      table.insert(offered, options.format_item and options.format_item(item) or tostring(item))
    end
    for index, title in ipairs(offered) do
      if step.choose and title:find(step.choose, 1, true) then
        chosen(items[index], index)
        return
      end
    end
    chosen(nil, nil)
  end
  local before = texts()
  act()
  wait(function()
    return #offered > 0
  end)
  local changed = step.choose and settled(before) or {}
  vim.ui.select = select
  return { offered = offered, changed = changed }
end

local function attached()
  local _, client = next(vim.lsp.buf_get_clients(0))
  return client and client.initialized and client
end

local acts = {}

function acts.settings()
  return {
    filetype = vim.bo.filetype,
    commentstring = vim.bo.commentstring,
    shiftwidth = vim.bo.shiftwidth,
    omnifunc = vim.bo.omnifunc,
    servers = vim.tbl_count(vim.lsp.buf_get_clients(0)),
  }
end

-- What tree-sitter's queries say of a place.
function acts.colours(step)
  go(step)
  local line, column = unpack(vim.api.nvim_win_get_cursor(0))
  local parser = vim.treesitter.get_parser(0, 'playbook')
  local query = vim.treesitter.get_query('playbook', 'highlights')
  local found = {}
  for id, node in query:iter_captures(parser:parse()[1]:root(), 0, line - 1, line) do
    local top, left, bottom, right = node:range()
    local begins = top < line - 1 or (top == line - 1 and left <= column)
    local ends = bottom > line - 1 or (bottom == line - 1 and right > column)
    if begins and ends then
      table.insert(found, query.captures[id])
    end
  end
  return found
end

-- The file is read anew from the disk, which Neovim takes for another one.
function acts.reload()
  vim.cmd('edit!')
  local client = wait(attached)
  return { servers = client and 1 or 0 }
end

-- What is said of the text, once there is something to be said, or once that piece of it is said: before, it is of an older text.
function acts.diagnostics(step)
  wait(function()
    for _, one in ipairs(vim.diagnostic.get(0)) do
      if one.message:find(step.says or '', 1, true) then
        return true
      end
    end
  end)
  local said = {}
  for _, one in ipairs(vim.diagnostic.get(0)) do
    table.insert(said, ('%d:%d %s %s'):format(one.lnum + 1, one.col + 1, one.code or one.source or '', one.message))
  end
  return said
end

-- Nothing is left to be said.
function acts.settled()
  local silent = wait(function()
    return #vim.diagnostic.get(0) == 0
  end)
  return silent and {} or acts.diagnostics({})
end

function acts.hover(step)
  go(step)
  return in_float(vim.lsp.buf.hover)
end

function acts.signature(step)
  go(step)
  return in_float(vim.lsp.buf.signature_help)
end

function acts.definition(step)
  go(step)
  local buffer, from = vim.api.nvim_get_current_buf(), here()
  vim.lsp.buf.definition()
  wait(function()
    return here() ~= from
  end)
  local found = here()
  vim.api.nvim_set_current_buf(buffer)
  return found
end

function acts.references(step)
  go(step)
  vim.fn.setqflist({})
  vim.lsp.buf.references()
  wait(function()
    return #vim.fn.getqflist() > 0
  end)
  local found = {}
  for _, item in ipairs(vim.fn.getqflist()) do
    table.insert(found, ('%s:%d:%d %s'):format(relative(vim.fn.bufname(item.bufnr)), item.lnum, item.col, item.text))
  end
  vim.cmd('cclose')
  return found
end

function acts.rename(step)
  go(step)
  local before = texts()
  vim.lsp.buf.rename(step.name)
  return settled(before)
end

-- Types behind a place, asks for what could stand there, takes the first whose word is `take`.
function acts.complete(step)
  go(step)
  keys('a' .. (step.type or ''))
  local before = texts()
  keys('<C-x><C-o>')
  local offered = wait(function()
    local items = vim.fn.complete_info({ 'items' }).items
    return #items > 0 and items
  end) or {}
  local words, taken = {}, 0
  for index, item in ipairs(offered) do
    table.insert(words, item.abbr ~= '' and item.abbr or item.word)
    if item.word == step.take and taken == 0 then
      taken = index
    end
  end
  if taken > 0 then
    -- The menu opens with its first item taken.
    keys(('<C-n>'):rep(taken - 1) .. '<C-y>')
  else
    keys('<C-e>')
  end
  keys('<Esc>')
  return { offered = words, changed = changes(before) }
end

function acts.format()
  local before = texts()
  if vim.lsp.buf.format then
    vim.lsp.buf.format({ timeout_ms = 10000 })
  else
    vim.lsp.buf.formatting_sync(nil, 10000)
  end
  return changes(before)
end

function acts.actions(step)
  go(step)
  return choosing(step, vim.lsp.buf.code_action)
end

-- Keys as typed, `<Esc>` at the end.
function acts.type(step)
  if step.at then
    go(step)
  end
  local before = texts()
  keys(step.keys)
  keys('<Esc>')
  return changes(before)
end

local function main()
  vim.opt.runtimepath:prepend(plan.editors)
  vim.opt.runtimepath:prepend(plan.extra)
  vim.o.swapfile = false
  vim.o.completeopt = 'menu,menuone'
  require('playbook').setup({ cmd = plan.command })
  vim.cmd('filetype plugin on')
  vim.cmd('edit ' .. vim.fn.fnameescape(plan.file))
  if plan.server then
    assert(wait(attached), 'the server does not start')
  end
  for _, step in ipairs(plan.steps) do
    local result = acts[step.act](step)
    table.insert(results, { act = step.act, result = result })
  end
  finish()
end

running = coroutine.create(main)
vim.schedule(resume)
