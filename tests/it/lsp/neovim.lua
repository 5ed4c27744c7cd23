-- Drives `rules lsp` in Neovim 0.7 or newer: opens a file, waits for what is found, applies the fixes, and writes what it saw
-- to a file, one line for each thing. Each `check` below is such a thing.
local program, folder, out = vim.env.RULES_PROGRAM, vim.env.RULES_FOLDER, vim.env.RULES_OUT
local seen = {}
local function saw(what, value)
    table.insert(seen, what .. ': ' .. tostring(value))
end

local function attempt(steps)
    local ok, problem = pcall(steps)
    if not ok then
        saw('error', problem)
    end
    local file = assert(io.open(out, 'w'))
    file:write(table.concat(seen, '\n') .. '\n')
    file:close()
    vim.cmd('qa!')
end

local function wait(what, condition)
    if not vim.wait(30000, condition, 20) then
        error('there was no ' .. what)
    end
end

attempt(function()
    vim.cmd('edit ' .. vim.fn.fnameescape(folder .. '/+15550100.rules'))
    local buffer = vim.api.nvim_get_current_buf()
    local id = vim.lsp.start_client({
        name = 'rules',
        cmd = { program, 'lsp' },
        root_dir = folder,
        get_language_id = function() return 'rules' end,
    })
    assert(vim.lsp.buf_attach_client(buffer, id))
    local client = vim.lsp.get_client_by_id(id)
    wait('server', function() return client.initialized or client.server_capabilities end)
    saw('encoding', client.offset_encoding)

    local function found()
        local codes = {}
        for _, one in ipairs(vim.diagnostic.get(buffer)) do
            table.insert(codes, (one.lnum + 1) .. ':' .. (one.col + 1) .. ' ' .. one.code)
        end
        return table.concat(codes, ', ')
    end
    wait('diagnostic', function() return #vim.diagnostic.get(buffer) > 0 end)
    saw('found', found())

    local function ask(method, params)
        local answers = vim.lsp.buf_request_sync(buffer, method, params, 30000)
        local answer = answers and answers[id] or {}
        assert(not answer.err, vim.inspect(answer.err))
        return answer.result
    end
    local function apply(edit)
        vim.lsp.util.apply_workspace_edit(edit, client.offset_encoding or 'utf-16')
    end

    local params = vim.lsp.util.make_range_params()
    params.range = { start = { line = 0, character = 0 }, ['end'] = { line = 9, character = 0 } }
    params.context = { diagnostics = {}, only = { 'source.fixAll' } }
    local actions = ask('textDocument/codeAction', params)
    saw('action', actions[1].title)
    local action = actions[1]
    if not action.edit then
        action = ask('codeAction/resolve', action)
    end
    apply(action.edit)
    saw('line', vim.api.nvim_buf_get_lines(buffer, 0, 1, true)[1])
    wait('clean file', function() return #vim.diagnostic.get(buffer) == 0 end)
    saw('found', found())

    vim.api.nvim_buf_set_lines(buffer, 1, 2, true, { 'otherwise: assign user "😀", reply "مرحبا"' })
    wait('diagnostic', function() return #vim.diagnostic.get(buffer) > 0 end)
    saw('found', found())

    client.stop()
    wait('end', function() return client.is_stopped() end)
    saw('stopped', client.is_stopped())
end)
