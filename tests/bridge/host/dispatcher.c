/* Plays the Dispatcher: a program that embeds Python, loads the template, and calls `onDispatcherIdling` until its
 * standard input ends. The first argument says what happens to the lock of the interpreter between two callbacks: `hold`
 * keeps it, and `release` releases it. What the Dispatcher does is not documented. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The installed template. */
static PyObject *load(void)
{
    PyObject *script = PyImport_ImportModule("muster_bridge_template");
    PyObject *module = script ? PyImport_ImportModule("MTemplateAPI") : NULL;
    PyObject *kind = module ? PyObject_GetAttrString(module, "MManager") : NULL;
    PyObject *manager = kind ? PyObject_CallMethod(kind, "getUniqueClass", NULL) : NULL;
    PyObject *templates = manager ? PyObject_GetAttrString(manager, "templates") : NULL;
    PyObject *template = templates ? PySequence_GetItem(templates, 0) : NULL;
    Py_XDECREF(templates);
    Py_XDECREF(manager);
    Py_XDECREF(kind);
    Py_XDECREF(module);
    Py_XDECREF(script);
    return template;
}

/* One callback. The arguments of the real one are not known. */
static int idle(PyObject *template)
{
    PyObject *result = PyObject_CallMethod(template, "onDispatcherIdling", "i", 1);
    PyObject *code = result ? PyObject_CallMethod(result, "getErrorCode", NULL) : NULL;
    int failed = code == NULL || PyLong_AsLong(code) != 0;
    if (failed)
        PyErr_Print();
    Py_XDECREF(code);
    Py_XDECREF(result);
    return failed;
}

/* Waits a little. Returns whether the standard input has ended. */
static int ended(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char byte;
    return poll(&input, 1, 5) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

int main(int count, char **arguments)
{
    int releases = count > 1 && strcmp(arguments[1], "release") == 0;
    Py_InitializeEx(0);
    PyObject *template = load();
    if (template == NULL) {
        PyErr_Print();
        return 1;
    }
    printf("ready\n");
    fflush(stdout);
    int failed = 0;
    PyThreadState *state = releases ? PyEval_SaveThread() : NULL;
    while (!failed && !ended()) {
        PyGILState_STATE lock = PyGILState_UNLOCKED;
        if (releases)
            lock = PyGILState_Ensure();
        failed = idle(template);
        if (releases)
            PyGILState_Release(lock);
    }
    if (releases)
        PyEval_RestoreThread(state);
    Py_DECREF(template);
    return Py_FinalizeEx() != 0 || failed;
}
