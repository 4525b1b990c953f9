/* Plays the Dispatcher: a program that embeds Python, loads the template, and calls its callbacks until the standard input
 * ends.
 *
 * The first argument says what happens to the lock of the interpreter (GIL) between two callbacks: `hold` keeps it, and
 * `release` releases it. With `threads`, two threads call the callbacks at the same time. The other arguments are the
 * callbacks; without them it is `onDispatcherIdling`. What the Dispatcher does is not documented. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static PyObject *template;
static PyObject *context;
static char **names;
static int name_count;
static atomic_int failed;
static atomic_int ended;

/* Loads the template and the module that says which callback runs. Returns whether it worked. */
static int load(void)
{
    PyObject *script = PyImport_ImportModule("muster_bridge_template");
    PyObject *module = script ? PyImport_ImportModule("MTemplateAPI") : NULL;
    PyObject *kind = module ? PyObject_GetAttrString(module, "MManager") : NULL;
    PyObject *manager = kind ? PyObject_CallMethod(kind, "getUniqueClass", NULL) : NULL;
    PyObject *templates = manager ? PyObject_GetAttrString(manager, "templates") : NULL;
    template = templates ? PySequence_GetItem(templates, 0) : NULL;
    context = template ? PyImport_ImportModule("muster") : NULL;
    PyObject *left = context ? PyObject_CallMethod(context, "leaveFake", NULL) : NULL;
    int worked = left != NULL;
    Py_XDECREF(left);
    Py_XDECREF(templates);
    Py_XDECREF(manager);
    Py_XDECREF(kind);
    Py_XDECREF(module);
    Py_XDECREF(script);
    return worked;
}

/* One callback. The arguments of the real ones are not known, so their number differs here. */
static void call(const char *name, int place)
{
    static const char *const forms[] = {NULL, "i", "is"};
    PyObject *before = PyObject_CallMethod(context, "enterFake", "s", name);
    PyObject *result = before ? PyObject_CallMethod(template, name, forms[place % 3], place, "job") : NULL;
    PyObject *code = result ? PyObject_CallMethod(result, "getErrorCode", NULL) : NULL;
    if (code == NULL || PyLong_AsLong(code) != 0) {
        PyErr_Print();
        atomic_store(&failed, 1);
    }
    PyObject *left = before ? PyObject_CallMethod(context, "leaveFake", "O", before) : NULL;
    Py_XDECREF(left);
    Py_XDECREF(code);
    Py_XDECREF(result);
    Py_XDECREF(before);
}

static void call_all(void)
{
    for (int place = 0; place < name_count; place++)
        call(names[place], place);
}

/* Waits a little. Returns whether the standard input has ended. */
static int input_ended(void)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    char byte;
    return poll(&input, 1, 5) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

/* One of several threads that call the callbacks. */
static void *work(void *unused)
{
    while (!atomic_load(&ended) && !atomic_load(&failed)) {
        PyGILState_STATE lock = PyGILState_Ensure();
        call_all();
        PyGILState_Release(lock);
        usleep(1000);
    }
    return unused;
}

static void run_threads(void)
{
    pthread_t threads[2];
    for (int place = 0; place < 2; place++)
        if (pthread_create(&threads[place], NULL, work, NULL) != 0)
            _exit(3);
    while (!input_ended() && !atomic_load(&failed))
        ;
    atomic_store(&ended, 1);
    for (int place = 0; place < 2; place++)
        pthread_join(threads[place], NULL);
}

static void run(int releases)
{
    while (!input_ended() && !atomic_load(&failed)) {
        PyGILState_STATE lock = PyGILState_UNLOCKED;
        if (releases)
            lock = PyGILState_Ensure();
        call_all();
        if (releases)
            PyGILState_Release(lock);
    }
}

int main(int count, char **arguments)
{
    static char *usual[] = {"onDispatcherIdling"};
    const char *policy = count > 1 ? arguments[1] : "hold";
    names = count > 2 ? arguments + 2 : usual;
    name_count = count > 2 ? count - 2 : 1;
    Py_InitializeEx(0);
    if (!load()) {
        PyErr_Print();
        return 1;
    }
    printf("ready\n");
    fflush(stdout);
    int holds = strcmp(policy, "hold") == 0;
    PyThreadState *state = holds ? NULL : PyEval_SaveThread();
    if (strcmp(policy, "threads") == 0)
        run_threads();
    else
        run(!holds);
    if (state != NULL)
        PyEval_RestoreThread(state);
    Py_DECREF(context);
    Py_DECREF(template);
    return Py_FinalizeEx() != 0 || atomic_load(&failed);
}
