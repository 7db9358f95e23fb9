/* A PKCS#11 library for tests: SoftHSM, and beside it what that cannot be brought to do.

   SOFTHSM is where its library lies. FLAGS are added to those of the token (CK_TOKEN_INFO); `refused` counts the PINs
   that were wrong. KEYPAD is a PIN: it is typed on the token, and none may be handed in. ON_LIST is what happens
   when it is looked for, ON_LOGIN what happens before it is logged in to, ON_SIGN what happens instead of the second
   signature and of those after it. */

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef FLAGS
#define FLAGS 0
#endif
#ifndef ON_LOGIN
#define ON_LOGIN
#endif
#ifndef ON_LIST
#define ON_LIST
#endif
#ifndef ON_SIGN
#define ON_SIGN
#endif

typedef unsigned long CK_ULONG;
enum { ARGUMENTS_BAD = 0x07, DEVICE_REMOVED = 0x32, PIN_EXPIRED = 0xA3 };
enum { GET_FUNCTION_LIST = 3, GET_TOKEN_INFO = 6, LOGIN = 18, SIGN = 43, COUNT = 68 }; /* PKCS #11 2.40, 3.1 */

typedef struct {
    unsigned char version[2];
    void *function[COUNT];
} FunctionList;

typedef struct {
    unsigned char label[32], manufacturer[32], model[16], serial[16];
    CK_ULONG flags; /* and more, which stays as it is */
} TokenInfo;

static FunctionList *real, ours;
static int refused;

static CK_ULONG get_token_info(CK_ULONG slot, TokenInfo *info) {
    CK_ULONG (*get)(CK_ULONG, TokenInfo *) = real->function[GET_TOKEN_INFO];
    CK_ULONG result = get(slot, info);
    (void)refused;
    if (result == 0)
        info->flags |= FLAGS;
    return result;
}

static CK_ULONG login(CK_ULONG session, CK_ULONG user, unsigned char *pin, CK_ULONG length) {
    CK_ULONG (*log_in)(CK_ULONG, CK_ULONG, unsigned char *, CK_ULONG) = real->function[LOGIN];
#ifdef KEYPAD
    if (pin != NULL)
        return ARGUMENTS_BAD;
    pin = (unsigned char *)KEYPAD;
    length = sizeof KEYPAD - 1;
#endif
    ON_LOGIN;
    CK_ULONG result = log_in(session, user, pin, length);
    refused += result != 0;
    return result;
}

static CK_ULONG sign(CK_ULONG session, void *data, CK_ULONG length, void *signature, CK_ULONG *size) {
    static int made;
    CK_ULONG (*real_sign)(CK_ULONG, void *, CK_ULONG, void *, CK_ULONG *) = real->function[SIGN];
    if (signature != NULL && made++ > 0) { /* without room for it, it is asked how much it takes */
        ON_SIGN;
    }
    return real_sign(session, data, length, signature, size);
}

static CK_ULONG get_function_list(FunctionList **list) {
    ON_LIST;
    *list = &ours;
    return 0;
}

CK_ULONG C_GetFunctionList(FunctionList **list) {
    void *library = dlopen(SOFTHSM, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return DEVICE_REMOVED;
    CK_ULONG (*get)(FunctionList **) = dlsym(library, "C_GetFunctionList");
    get(&real);
    ours = *real;
    ours.function[GET_FUNCTION_LIST] = get_function_list;
    ours.function[GET_TOKEN_INFO] = get_token_info;
    ours.function[LOGIN] = login;
    ours.function[SIGN] = sign;
    return get_function_list(list);
}
